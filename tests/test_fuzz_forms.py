"""Nonsense typed into the forms of an exercise is named at its item; nothing is done or lost."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin

import pytest
from django import forms
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, override_settings
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from approvals import marking
from audit import acts
from casework import kinds
from control import stories
from control.class_list import DOINGS
from control.forms import FORMS as CLOCK_FORMS
from exercises.models import Exercise, Help
from tests import canaries, playing
from tests.annual import annual
from tests.browsing import body, form_for, signed_in
from tests.canaries import WEAPONS
from tests.situations.acting import pass_time, use
from tests.test_fuzz_public_pages import NONSENSE as PUBLIC_NONSENSE
from tests.test_fuzz_public_pages import SCRIPT
from transit.forms import CrossingForm, GoodForm
from transit.models import FlightRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.test.client import _MonkeyPatchedWSGIResponse as Page
    from hypothesis.strategies import SearchStrategy

    from audit.parameters import Parameter

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NONSENSE = PUBLIC_NONSENSE | st.sampled_from(
    [
        *("1e400", "-Infinity", "sNaN", "0." + "3" * 50, "1" * 50, "12,5", "0x1F", "1_000", "-0"),
        *("١٢٣٤", "२०२६-०९-१४ ०७:०९", "UN١٨٦٣", "F٢٥٠", "Ⅻ", "½"),
        *("İstanbul ığüşöç", "Әскери ұшақ өтінімі", "\u202eEXERCISE", "\ufeff", "\x1b[31m", "\x7f"),
        *("True", "on", "None", "[]", "CONCUR", "ACCEPTED", "flight/1", "2026/0117", "' OR 1=1 --"),
        *("2026-09-14 07:09", "2026-09-14T07:10Z", "2026-09-23", "BALUN", "TR GE AZ KZ", "2027"),
        "x" * 20_000,
    ]
)
#: An item that did not come, that came twice, or that is a file.
VALUES = (
    NONSENSE
    | st.none()
    | st.lists(NONSENSE, min_size=2, max_size=3)
    | st.builds(SimpleUploadedFile, st.just("a.txt"), st.binary(max_size=9))
)
KEYS = NONSENSE | st.builds(lambda: str(uuid.uuid4()))

#: What a page sends that nobody typed.
HIDDEN = ("once", "seen", "since", "confirmed", "on", "csrfmiddlewaretoken")

REFUSED = (403, 404, 409, 422)

Typed = dict[str, Any]


def fuzzed(most: int) -> settings:
    """Try a few forms; what fails is shown as found, for pages are slow to ask again."""
    return settings(
        max_examples=most,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.function_scoped_fixture,
            HealthCheck.nested_given,
        ],
    )


# The stages, and what is pressed on each


@dataclass(frozen=True)
class Press:
    """A verb that is open to a seat, how its form is filled in rightly, and what does not fit.

    What does not fit is well formed: the verb itself refuses it.
    """

    key: str
    code: str
    right: Typed = field(default_factory=dict)
    unfit: Typed = field(default_factory=dict)


def taken(code: str) -> tuple[Parameter, ...]:
    """Return what a verb takes."""
    return kinds.doors()[code].row.takes or ()


@dataclass(frozen=True)
class Stage:
    """An exercise in mid-story, the verbs open on it, and the page with their forms."""

    open: Callable[[], Exercise]
    presses: tuple[Press, ...]
    page: str = "flights/1/"


def before(story: str, verb: str, **changes: Any) -> Callable[[], Exercise]:
    return lambda: playing.before(story, verb, seated=True, **changes)


def handed_over_at_night() -> Exercise:
    """Return an urgent request whose note lies at the ministry on a Saturday."""
    exercise = playing.before("alpha", "register", seated=True, priority="HUM")
    pass_time(exercise, to=canaries.moment(5, 6))
    return exercise


def marked() -> Exercise:
    """Return a request on which an officer who checks alone has marked a fact."""
    exercise = playing.before("alpha", "concur", seated=True, help_shown=Help.AFTER)
    security = playing.seat(exercise, "KZ-SECURITY")
    with acts.act(exercise, by=security) as at:
        marking.mark(
            FlightRequest.objects.get(exercise=exercise),
            by=security,
            at=at,
            fact="cargo",
            code="DG_DECLARED",
            confidence="GUESS",
        )
    return exercise


def decided(verb: str, *then: tuple[str, str, Typed]) -> Callable[[], Exercise]:
    """Play alpha until before a verb, then what the host decides of it."""

    def play() -> Exercise:
        exercise = playing.before("alpha", verb, seated=True)
        for key, do, details in then:
            use(exercise, key, do, **details)
        return exercise

    return play


def on_the_register(code: str, *then: tuple[str, str, Typed]) -> Callable[[], Exercise]:
    def play() -> Exercise:
        exercise = annual.before(code, seated=True)
        for key, do, details in then:
            annual.use(exercise, key, do, **details)
        return exercise

    return play


def asked_of_georgia(*then: tuple[str, str, Typed]) -> Callable[[], Exercise]:
    def play() -> Exercise:
        exercise = playing.before("neighbours", "request_release", seated=True)
        for by, do, details in then:
            line = {"at": exercise.last_at, "by": by, "do": do, "with": details, "neighbour": 1}
            stories.perform(exercise, line)
        return exercise

    return play


def overdue() -> Exercise:
    """Return a flight that should have left its host an hour ago."""
    exercise = playing.before("alpha", "exit", seated=True)
    pass_time(exercise, to=datetime(2026, 9, 14, 9, tzinfo=UTC))
    return exercise


def down(*then: str) -> Exercise:
    """Return an overflight that had to land, regularised if `then` says so."""
    exercise = playing.before("alpha", "exit", seated=True)
    at = datetime(2026, 9, 14, 8, 15, tzinfo=UTC)
    use(exercise, "KZ-OPERATIONS", "land", at=at, landed_at=at - timedelta(minutes=30))
    for code in then:
        use(exercise, "TR-ATTACHE", code, text="Engine 2.")
    return exercise


def logged() -> Exercise:
    """Return an exercise with an aircraft in its duty log that has no authorization."""
    exercise = playing.before("alpha", "exit", seated=True)
    use(
        exercise,
        "KZ-OPERATIONS",
        "log_occurrence",
        nature="RADIO",
        happened_at=exercise.last_at,
        text="Asks for a transit.",
    )
    return exercise


TURNED = {"denied_at": "2026-09-14 01:00"}
FAILED = {"nature": "Engine 2.", "told": "The ministry."}


def brought_in() -> Exercise:
    return contacted("INSTRUCTOR", "bring_in", PROTEST)


def taken_down() -> Exercise:
    return contacted("KZ-SECURITY", "take_down", CALL)


def contacted(key: str, do: str, details: Typed) -> Exercise:
    exercise = canaries.submitted()
    stories.perform(exercise, {"at": exercise.last_at, "by": key, "do": do, "with": details})
    return Exercise.objects.get(pk=exercise.pk)


CALL: Typed = {"kind": "MAIL", "source": "A caller", "text": "Hurry.", "about": "TR-KZ-0001"}
PROTEST: Typed = {"receiver": "KZ-REGISTRY", "entry": "NOTE_OF_PROTEST", "about": "TR-KZ-0001"}
ASKED = {"year": "2027", "categories": ["EXERCISE"], "text": "Two.", "note_number": "2026/901"}
REASON = {"reason": "Because."}
WINDOW = {"valid_from": "2026-09-14 04:00", "valid_until": "2026-09-15 04:00"}
GRANTED = {"clearance_number": "EXGE26S0077", **WINDOW, "conditions": "By day."}

ON_A_CONDITION = (
    ("KZ-DECIDER", "authorize", {"library": ["LOAD_LIST"]}),
    ("KZ-REGISTRY", "reply", {"note_number": "KZ-1"}),
)

STAGES = {
    "draft": Stage(
        before("alpha", "request_release"),
        (
            Press("TR-PLANNER", "justify", REASON),
            Press("TR-PLANNER", "request_release"),
            Press("TR-PLANNER", "withdraw", REASON),
        ),
    ),
    "release review": Stage(
        before("alpha", "release"),
        (
            Press("TR-RELEASE", "decline_release", REASON),
            Press("TR-RELEASE", "release"),
        ),
    ),
    "ready": Stage(
        before("alpha", "transmit"),
        (Press("TR-ATTACHE", "transmit", {"note_number": "2026/1"}),),
    ),
    "submitted": Stage(
        before("alpha", "register"),
        (
            Press("KZ-REGISTRY", "send_back", {"missing": "The crew."}),
            Press("KZ-REGISTRY", "register"),
            Press("KZ-REGISTRY", "minute", {"text": "Seen."}),
        ),
    ),
    "at night": Stage(
        handed_over_at_night,
        (
            Press("KZ-DUTY", "hold", REASON),
            Press("KZ-DUTY", "pass_on"),
        ),
    ),
    "returned": Stage(before("returned", "revise"), (Press("TR-PLANNER", "revise"),)),
    "examined": Stage(
        before("alpha", "concur", **WEAPONS),
        (
            Press(
                "KZ-SECURITY",
                "deal_with",
                REASON | {"findings": ["WEAPONS_DECLARED"], "disposal": "ACCEPTED"},
            ),
            Press(
                "KZ-SECURITY",
                "ask",
                {"text": "What weapons?", "findings": ["WEAPONS_DECLARED"]},
            ),
            Press(
                "KZ-AIR_DEFENCE",
                "concur",
                {"answer": "CONDITIONS", "conditions": "Not below FL195.\r\nNot by night."},
                {"conditions": ""},
            ),
            Press("KZ-DEFENCE", "call_in", {"desk": "LEGAL"}),
            Press("KZ-DECIDER", "refuse", {"ground": "SECURITY", "reasons": "For us."}),
            Press("TR-PLANNER", "begin_supplement"),
        ),
    ),
    "own check": Stage(
        before("alpha", "concur", help_shown=Help.AFTER),
        (
            Press(
                "KZ-SECURITY",
                "mark",
                {
                    "fact": "has_personal_weapons",
                    "other": "goods.un_number",
                    "code": "WEAPONS_DECLARED",
                    "words": "No line of ammunition.",
                    "confidence": "SURE",
                },
            ),
            Press("KZ-SECURITY", "own_check", {"states": "tr  ge az kz", "due_on": "2026-09-23"}),
        ),
    ),
    "marked": Stage(marked, (Press("KZ-SECURITY", "unmark"),)),
    "questioned": Stage(
        before("late-change", "answer"),
        (
            Press("TR-ATTACHE", "answer", {"text": "Of the authority."}),
            Press("KZ-SECURITY", "drop"),
        ),
    ),
    "another desk": Stage(
        before("landing", "enter_answer"),
        (Press("KZ-DEFENCE", "enter_answer", {"paper": "Letter 1.", "answer": "CONCUR"}),),
    ),
    "supplement": Stage(
        before("late-change", "release_supplement"),
        (Press("TR-RELEASE", "release_supplement"),),
    ),
    "supplement released": Stage(
        before("late-change", "supplement"),
        (Press("TR-ATTACHE", "supplement", {"text": "Another tail."}),),
    ),
    "decision": Stage(
        before("alpha", "authorize"),
        (
            Press(
                "KZ-DECIDER", "authorize", {"library": ["LOAD_LIST"], "conditions": "One.\r\nTwo."}
            ),
            Press("KZ-DECIDER", "new_round", REASON | {"desks": ["SECURITY"]}),
        ),
    ),
    "decided": Stage(
        before("alpha", "reply"),
        (Press("KZ-REGISTRY", "reply", {"note_number": "KZ-1"}),),
    ),
    "told": Stage(
        before("alpha", "file_plan"),
        (
            Press("TR-PLANNER", "file_plan", {"message": canaries.PLAN}, {"message": "Plan B"}),
            Press("TR-ATTACHE", "report_not_flown", REASON),
            Press("TR-PLANNER", "amend"),
            Press(
                "TR-ATTACHE",
                "notify_change",
                {"item": "captain", "value": "Another", "note_number": "2026/901"},
                {"item": "passenger_count", "value": "900"},
            ),
        ),
    ),
    "notified": Stage(
        before("six-to-one", "take_note"),
        (Press("KZ-REGISTRY", "take_note"),),
    ),
    "amended": Stage(
        before("six-to-one", "classify"),
        (Press("KZ-REGISTRY", "classify", {"takes": "AMENDMENT"}),),
        page="flights/2/",
    ),
    "told, to be held": Stage(
        before("alpha", "file_plan"),
        (
            Press("KZ-DECIDER", "suspend", REASON),
            Press("KZ-DECIDER", "revoke", REASON),
        ),
    ),
    "held": Stage(
        decided("file_plan", ("KZ-DECIDER", "suspend", REASON)),
        (
            Press("KZ-DECIDER", "reinstate", REASON),
            Press("KZ-REGISTRY", "notify", {"note_number": "KZ-9"}),
            Press("KZ-AIR_DEFENCE", "acknowledge"),
        ),
    ),
    "held, told": Stage(
        decided(
            "file_plan",
            ("KZ-DECIDER", "suspend", REASON),
            ("KZ-REGISTRY", "notify", {"note_number": "KZ-9"}),
        ),
        (Press("TR-ATTACHE", "acknowledge_note"),),
    ),
    "revoked inside": Stage(
        decided(
            "exit",
            ("KZ-DECIDER", "revoke", REASON),
            ("KZ-OPERATIONS", "acknowledge", {}),
        ),
        (
            Press(
                "KZ-OPERATIONS",
                "instruct",
                {
                    "kind": "LAND",
                    "place": "uate",
                    "ordered_by": "Deciding officer",
                    "passed_by": "Aktobe ACC",
                    "passed_at": "2026-09-14 07:12",
                },
                {"passed_at": "2026-09-14 06:00"},
            ),
        ),
    ),
    "on a condition": Stage(
        decided("authorize", *ON_A_CONDITION),
        (Press("TR-ATTACHE", "fulfil", {"fulfilment": "Both pages."}),),
    ),
    "condition said to be fulfilled": Stage(
        decided(
            "authorize",
            *ON_A_CONDITION,
            ("TR-ATTACHE", "fulfil", {"fulfilment": "Both pages."}),
        ),
        (
            Press("KZ-OPERATIONS", "accept_condition"),
            Press("KZ-DEFENCE", "decline_condition", REASON),
        ),
    ),
    "closing airspace": Stage(
        before("alpha", "file_plan"),
        (
            Press(
                "KZ-AIR_DEFENCE",
                "close_airspace",
                {
                    "state": "KZ",
                    "area": "uatt",
                    "closed_from": "2026-09-14 00:00",
                    "closed_until": "2026-09-15 00:00",
                    "words": "Closed to military flights.",
                },
                {"area": "UGGG"},
            ),
        ),
        page="closed-airspace/new/",
    ),
    "opening it again": Stage(
        decided(
            "file_plan",
            (
                "KZ-AIR_DEFENCE",
                "close_airspace",
                {
                    "state": "KZ",
                    "closed_from": canaries.moment(14, 0),
                    "words": "Closed to military flights.",
                },
            ),
        ),
        (Press("KZ-AIR_DEFENCE", "reopen_airspace", {"number": "1"}),),
        page="closed-airspace/reopen/",
    ),
    "filed": Stage(
        canaries.filed,
        (
            Press("KZ-OPERATIONS", "check_plan", {"remarks": "The spare."}),
            Press("KZ-OPERATIONS", "send_plan_back", REASON),
        ),
    ),
    "expected": Stage(
        before("alpha", "enter"),
        (
            Press(
                "KZ-OPERATIONS",
                "enter",
                {"entered_at": "2026-09-14 04:20", "point": "balun"},
                {"entered_at": "2026-09-14 09:00"},
            ),
            Press(
                "TR-PLANNER",
                "send_message",
                {"message": "(DLA-HVK4821-LTAU1000-UTDD-0)"},
                {"message": "(DLA-HVK9999-LTAU1000-UTDD-0)"},
            ),
            Press(
                "KZ-OPERATIONS",
                "take_message",
                {"message": "(DEP-HVK4821-LTAU0502-UTDD-0)"},
                {"message": "(CNL-HVK4821-LTAU0500-UTDD-0)"},
            ),
        ),
    ),
    "not expected": Stage(
        before("alpha", "check_plan"),
        (Press("KZ-OPERATIONS", "deny_entry", TURNED | {"point": "BALUN"} | REASON),),
    ),
    "inside": Stage(
        before("alpha", "exit"),
        (
            Press("KZ-OPERATIONS", "accept_emergency", {"since_at": "2026-09-14 07:08"} | FAILED),
            Press(
                "KZ-OPERATIONS",
                "divert",
                {"diverted_at": "2026-09-14 07:11", "aerodrome": "uate", "told": "Aktau"},
                {"diverted_at": "2026-09-15 07:11"},
            ),
            Press("KZ-OPERATIONS", "deviate", {"state": "UZ"} | FAILED),
            Press("KZ-SECURITY", "report_load", {"load": "Detonators.", "source": "Partner."}),
            Press(
                "KZ-OPERATIONS",
                "exit",
                {"exited_at": "2026-09-14 07:11", "point": "URASA"},
                {"exited_at": "2026-09-14 07:00"},
            ),
        ),
    ),
    "inside, to land": Stage(
        before("landing", "land"),
        (
            Press(
                "KZ-OPERATIONS",
                "land",
                {"landed_at": "2026-09-17 07:10"},
                {"landed_at": "2026-09-18 07:10"},
            ),
        ),
    ),
    "overdue": Stage(
        overdue,
        (
            Press(
                "KZ-OPERATIONS",
                "cancel_alert",
                {"expected_at": "2026-09-14 12:00"} | REASON,
                {"expected_at": "2026-09-14 07:00"},
            ),
        ),
    ),
    "down": Stage(
        down,
        (
            Press("TR-ATTACHE", "regularise", {"text": "Engine 2."}),
            Press("KZ-OPERATIONS", "stay", REASON),
        ),
    ),
    "down, regularised": Stage(
        partial(down, "regularise"),
        (
            Press(
                "KZ-OPERATIONS",
                "take_off",
                {"took_off_at": "2026-09-14 08:10"},
                {"took_off_at": "2026-09-14 07:20"},
            ),
        ),
    ),
    "nothing logged": Stage(
        before("alpha", "exit"),
        (
            Press(
                "KZ-OPERATIONS",
                "log_occurrence",
                {"nature": "RADIO", "happened_at": "2026-09-14 07:00", "text": "Asks."},
                {"happened_at": "2026-09-19 07:00"},
            ),
        ),
        page="duty-log/new/",
    ),
    "logged": Stage(
        logged,
        (
            Press("KZ-OPERATIONS", "refuse_approach", REASON),
            Press("KZ-OPERATIONS", "accept_distress", {"text": "Fire.", "told": "All."}),
            Press("KZ-REGISTRY", "tell_of_occurrence", {"text": "It.", "note_number": "KZ-77"}),
            Press("KZ-DEFENCE", "close_occurrence", {"outcome": "It left."}),
        ),
        page="duty-log/1/",
    ),
    "flown": Stage(
        before("alpha", "report"),
        (Press("TR-ATTACHE", "report", {"text": "Flown.", "persons_on_board": "11"}),),
    ),
    "reported": Stage(
        before("alpha", "close"),
        (Press("KZ-DEFENCE", "close", {"findings": "Three minutes late."}),),
    ),
    "contact, none yet": Stage(
        canaries.submitted,
        (Press("KZ-SECURITY", "take_down", CALL),),
        page="contacts/new/",
    ),
    "contact, to be brought in": Stage(
        canaries.submitted,
        (
            Press("INSTRUCTOR", "bring_in", PROTEST, {"entry": ""}),
            Press(
                "INSTRUCTOR",
                "schedule_contact",
                PROTEST | {"arrives_at": "2026-09-10 12:00"},
                {"arrives_at": "2026-08-01 12:00"},
            ),
        ),
        page="contacts/inject/",
    ),
    "contact, received": Stage(
        brought_in, (Press("KZ-REGISTRY", "log_contact"),), page="contacts/1/"
    ),
    "contact, logged": Stage(
        taken_down,
        (
            Press("KZ-SECURITY", "forward_contact", {"remark": "For you."}),
            Press(
                "KZ-SECURITY",
                "answer_contact",
                {"line": "OWN", "words": "No."},
                {"words": ""},
            ),
        ),
        page="contacts/1/",
    ),
    "annual, none yet": Stage(
        on_the_register("request_annual"),
        (Press("TR-ATTACHE", "request_annual", ASKED, {"year": "1999"}),),
        page="annual/new/",
    ),
    "annual, asked": Stage(
        on_the_register("register_annual"),
        (
            Press("KZ-REGISTRY", "send_back_annual", {"missing": "The exercises."}),
            Press("KZ-REGISTRY", "register_annual"),
        ),
        page="annual/1/",
    ),
    "annual, returned": Stage(
        on_the_register(
            "register_annual", ("KZ-REGISTRY", "send_back_annual", {"missing": "All."})
        ),
        (Press("TR-ATTACHE", "resubmit_annual", ASKED, {"note_number": "2026/900"}),),
        page="annual/1/",
    ),
    "annual, registered": Stage(
        on_the_register("advise_annual"),
        (
            Press(
                "KZ-DEFENCE",
                "advise_annual",
                {"answer": "NON_CONCUR", "reason": "No."},
                {"reason": ""},
            ),
        ),
        page="annual/1/",
    ),
    "annual, advised": Stage(
        on_the_register("grant_annual"),
        (Press("KZ-DECIDER", "grant_annual"), Press("KZ-DECIDER", "refuse_annual", REASON)),
        page="annual/1/",
    ),
    "annual, granted": Stage(
        on_the_register("reply_annual"),
        (Press("KZ-REGISTRY", "reply_annual", {"note_number": "KZ-901"}),),
        page="annual/1/",
    ),
    "annual, told": Stage(
        on_the_register(""),
        (
            Press("KZ-DECIDER", "suspend_annual", REASON),
            Press("KZ-DECIDER", "revoke_annual", REASON),
        ),
        page="annual/1/",
    ),
    "annual, suspended": Stage(
        on_the_register("", ("KZ-DECIDER", "suspend_annual", REASON)),
        (Press("KZ-DECIDER", "reinstate_annual", REASON),),
        page="annual/1/",
    ),
    "on the way, none asked": Stage(
        before("neighbours", "ask_neighbour"),
        (Press("TR-ATTACHE", "ask_neighbour", {"state": "GE", "note_number": "2026/900"}),),
    ),
    "on the way, asked": Stage(
        asked_of_georgia(),
        (
            Press("INSTRUCTOR", "acknowledge_asking"),
            Press("INSTRUCTOR", "question_asking", {"text": "What is on board?"}),
            Press("INSTRUCTOR", "clear_crossing", GRANTED),
            Press("INSTRUCTOR", "refuse_crossing"),
            Press("INSTRUCTOR", "set_temper", {"temper": "silent"}),
            Press("TR-ATTACHE", "withdraw_asking", REASON),
        ),
        page="neighbours/1/",
    ),
    "on the way, a question": Stage(
        asked_of_georgia(("INSTRUCTOR", "question_asking", {"text": "What is on board?"})),
        (Press("TR-ATTACHE", "answer_neighbour", {"text": "Tents."}),),
        page="neighbours/1/",
    ),
    "on the way, refused": Stage(
        asked_of_georgia(("INSTRUCTOR", "refuse_crossing", {})),
        (Press("TR-ATTACHE", "ask_anew", {"note_number": "2026/900"}),),
        page="neighbours/1/",
    ),
    "on the way, to be told": Stage(
        before("neighbours", "tell_clearance"),
        (
            Press(
                "TR-ATTACHE",
                "tell_clearance",
                {
                    "state": "GE",
                    "clearance_number": "EXGE26S0011",
                    **WINDOW,
                    "note_number": "2026/900",
                },
            ),
        ),
    ),
}


def test_every_form_of_a_verb_is_fuzzed() -> None:
    pressed = {press.code for stage in STAGES.values() for press in stage.presses}

    assert pressed == {
        code
        for code, door in kinds.doors().items()
        if door.row.roles and door.row.takes is not None
    }
    assert {*CLOCK} == CLOCK_FORMS.keys()


#: The instructor's verbs with a form, and how each is filled in rightly.
CLOCK = {
    "run": {"rate": "60"},
    "jump": {"to": "2026-09-01 12:00"},
    "close_days": {"state": "KZ", "first": "2026-09-14", "last": "2026-09-16", "ground": "Leave."},
}
#: With people seated no clock runs so fast, none ever backwards, and no day closes that was.
UNFIT = {
    "run": {"rate": "3600"},
    "jump": {"to": "2026-08-31 12:00"},
    "close_days": CLOCK["close_days"] | {"first": "2026-08-31"},
}


# What an answer owes to whoever typed


def sent(typed: Mapping[str, Any]) -> Typed:
    """Return what a browser sends: nothing of an item that is missing."""
    return {name: value for name, value in typed.items() if value is not None}


def last(value: Any) -> Any:
    return value[-1] if isinstance(value, list) else value


def squeezed(text: str) -> str:
    """Codes are taken as people type them: small letters and what stands between do not matter."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def assert_named_and_kept(answer: Page, typed: Typed, ending: str, *parts: forms.BaseForm) -> None:
    """Each fault is said on top and at its item; each item holds what was typed into it."""
    said = body(answer)
    summary = said.partition('id="errors-title"')[2].partition("</section>")[0]
    held = form_for(answer, ending).fields
    for form in parts:
        assert_named(form, said, summary)
        for name in typed_into(form):
            value = last(typed.get(form.add_prefix(name)))
            if isinstance(value, str) and not getattr(form, "is_blank", False):
                assert is_kept(form, name, value, held), name


def assert_named(form: forms.BaseForm, said: str, summary: str) -> None:
    for name, faults in form.errors.get_json_data().items():
        at_item = summary
        if name in typed_into(form):
            at_item = said.partition(f'id="{form[name].auto_id}_error"')[2].partition("</p>")[0]
        for fault in faults:
            assert fault["message"] in summary, name
            assert fault["message"] in at_item, name


def typed_into(form: forms.BaseForm) -> set[str]:
    """Return the items of a form that the page shows; a rate is a button."""
    return form.fields.keys() - {*HIDDEN, "rate"}


def is_kept(form: forms.BaseForm, name: str, value: str, held: Mapping[str, str]) -> bool:
    """Say whether an item holds what was typed; a choice that is none is named instead."""
    item, there = form.fields[name], held.get(form.add_prefix(name), "")
    if isinstance(item.widget, forms.TextInput | forms.Textarea):
        if name in getattr(form, "codes", ()):
            return squeezed(value) in squeezed(there)
        return there == value
    if isinstance(item, forms.ChoiceField) and value:
        choices: Any = item.choices
        is_one = value in {str(code) for code, _label in choices}
        return there == value if is_one else name in form.errors
    return True


def assert_answered(
    client: Client, exercise: Exercise, address: str, typed: Typed, ending: str = ""
) -> Page:
    """A page stands there; what was refused is named, kept and not done. Then take it all back."""
    exercise.refresh_from_db()
    seq = exercise.seq
    point = transaction.savepoint()
    answer: Page = client.post(address, sent(typed))

    assert answer.status_code in (200, 302, 400, *REFUSED)
    assert SCRIPT not in answer.text
    exercise.refresh_from_db()
    if answer.status_code == 302:
        assert client.get(urljoin(address, answer["Location"]), follow=True).status_code == 200
    else:
        assert exercise.seq == seq
    if answer.status_code == 422:
        assert_named_and_kept(answer, typed, ending, answer.context["form"])
    transaction.savepoint_rollback(point)
    return answer


def does(client: Client, address: str, typed: Typed) -> bool:
    """Say whether a form rightly filled in is accepted; then take it back."""
    point = transaction.savepoint()
    answer = client.post(address, typed)
    transaction.savepoint_rollback(point)
    return answer.status_code == 302


def filled(items: list[str], right: Typed) -> SearchStrategy[Typed]:
    """Give forms in which some items are right and others nonsense, now and then hidden ones."""
    visible = {name: VALUES | st.just(right.get(name)) for name in items}
    hidden = st.dictionaries(st.sampled_from([*HIDDEN, "nothing"]), KEYS, max_size=1)
    return st.builds(or_, st.fixed_dictionaries(visible), st.just({}) | hidden)


# The verbs


@pytest.mark.parametrize("name", STAGES)
def test_nonsense_in_the_form_of_a_verb_is_named_and_kept(name: str) -> None:
    stage = STAGES[name]
    exercise = stage.open()
    for press in stage.presses:
        client = signed_in(exercise, press.key)
        page = f"/x/{exercise.pk}/{press.key}/{stage.page}"
        ending = "" if page.endswith(("/new/", "/reopen/", "/inject/")) else f"do/{press.code}/"
        offered = form_for(client.get(page), ending)
        address = offered.action or page
        unseen = {item: text for item, text in offered.fields.items() if item in HIDDEN}
        items = [one.name for one in taken(press.code)]

        assert does(client, address, unseen | press.right), press.code
        has_paper = kinds.doors()[press.code].row.has_paper and address != page
        paper = f"{address}paper/"
        if has_paper:
            typed = unseen | press.right
            assert assert_answered(client, exercise, paper, typed, ending).status_code == 200
        if press.unfit:
            unfit = unseen | press.right | press.unfit
            assert assert_answered(client, exercise, address, unfit, ending).status_code == 422

        @fuzzed(2)
        @given(filled(items, press.right))
        def answered(typed: Typed) -> None:
            assert_answered(client, exercise, address, unseen | typed, ending)  # noqa: B023
            if has_paper:  # noqa: B023
                assert_answered(client, exercise, paper, unseen | typed, ending)  # noqa: B023

        answered()


@pytest.mark.parametrize("key", ["TR-ATTACHE", "KZ-DEFENCE"])
def test_nonsense_in_the_form_of_a_verb_that_is_closed_is_kept_to_be_copied(key: str) -> None:
    exercise = STAGES["reported"].open()
    client = signed_in(exercise, key)
    presses = [press for stage in STAGES.values() for press in stage.presses]

    @fuzzed(2)
    @given(st.data())
    def answered(data: st.DataObject) -> None:
        for code in {press.code: press for press in presses}:
            address = f"/x/{exercise.pk}/{key}/flights/1/do/{code}/"
            typed = data.draw(filled([*HIDDEN, *(one.name for one in taken(code))], {}))
            answer = assert_answered(client, exercise, address, typed, f"do/{code}/")
            if answer.status_code == 409:
                said = body(answer)
                for one in taken(code):
                    value = last(typed.get(one.name))
                    if isinstance(value, str):
                        assert value in said, (code, one.name)

    answered()


@pytest.mark.parametrize("word", ["True", "on"])
def test_a_word_of_a_refused_form_is_repeated_as_it_was_typed(draft: Exercise, word: str) -> None:
    client, base = signed_in(draft, "TR-PLANNER"), f"/x/{draft.pk}/TR-PLANNER/flights/1"
    stale = {"once": str(uuid.uuid4()), "seen": "another"}

    answer = client.post(f"{base}/do/withdraw/", stale | {"reason": word})

    assert answer.status_code == 409
    assert f">{word}</textarea>" in body(answer)


# The form of a request

GOODS = {
    "good-0-un_number": "UN1863",
    "good-0-proper_shipping_name": "Fuel, aviation, turbine engine",
    "good-0-hazard_class": "3",
    "good-0-gross_kg": "340.5",
    "good-0-from_point": "LTAU",
}
#: Where nonsense is typed besides: the first row of a table, an empty one, one that is none.
ROWS = [
    f"{prefix}-{row}-{item}"
    for prefix, form in (("crossing", CrossingForm), ("good", GoodForm))
    for row in (0, 1, 6, 99)
    for item in (*form.base_fields, "DELETE")
]


def saved(exercise: Exercise) -> tuple[int, str]:
    exercise.refresh_from_db()
    return exercise.seq, exercise.head


def assert_form_answered(client: Client, exercise: Exercise, address: str, typed: Typed) -> None:
    """A page stands there; every fault is at its item, every item holds what was typed."""
    before = saved(exercise)
    point = transaction.savepoint()
    answer: Page = client.post(address, sent(typed))

    assert answer.status_code in (200, 302, 409, 422)
    assert SCRIPT not in answer.text
    if answer.status_code == 302:
        assert client.get(answer["Location"]).status_code == 200
    elif answer.status_code == 200:
        assert saved(exercise) == before
    if answer.status_code in (200, 422):
        form = answer.context["form"]
        tables = answer.context["crossings"], answer.context["goods"]
        assert ("There is a problem" in body(answer)) is (answer.status_code == 422)
        rows = [row for table in tables for row in table if row.is_bound]
        assert_named_and_kept(answer, typed, answer.context["page"].address, form, *rows)
    transaction.savepoint_rollback(point)


@pytest.fixture
def draft() -> Exercise:
    return STAGES["draft"].open()


def of_the_form(offered: Mapping[str, str]) -> SearchStrategy[Typed]:
    """Give the form with nonsense in some items, now and then pressed to propose crossings."""
    names = sorted({*offered, *ROWS} - {name for name in offered if "_FORMS" in name} - {*HIDDEN})
    wrong = st.dictionaries(st.sampled_from(names), VALUES, min_size=1, max_size=8)
    pressed = st.sampled_from([{}, {}, {"propose": "crossings"}])
    unseen = st.dictionaries(st.sampled_from(HIDDEN), KEYS, max_size=1)
    filled_in = {**offered, **GOODS}
    return st.builds(lambda *parts: reduce(or_, parts, filled_in), wrong, pressed, unseen)


@pytest.mark.parametrize("where", ["flights/1/form/", "flights/new/"])
def test_nonsense_in_the_form_of_a_request_is_named_and_kept(draft: Exercise, where: str) -> None:
    client, address = signed_in(draft, "TR-PLANNER"), f"/x/{draft.pk}/TR-PLANNER/{where}"
    offered = form_for(client.get(address), "").fields
    assert does(client, address, {**offered})

    @fuzzed(15)
    @given(of_the_form(offered))
    def answered(typed: Typed) -> None:
        assert_form_answered(client, draft, address, typed)

    answered()


@pytest.mark.parametrize("table", ["crossing", "good"])
def test_a_table_whose_count_is_nonsense_is_answered(draft: Exercise, table: str) -> None:
    client, address = signed_in(draft, "TR-PLANNER"), f"/x/{draft.pk}/TR-PLANNER/flights/1/form/"
    offered = form_for(client.get(address), "").fields

    @fuzzed(3)
    @given(st.sampled_from(["TOTAL", "INITIAL"]), NONSENSE)
    @example("TOTAL", None)
    @example("TOTAL", "-1")
    @example("TOTAL", "9" * 30)
    @example("INITIAL", None)
    def answered(count: str, value: str | None) -> None:
        typed = {**offered, f"{table}-{count}_FORMS": value}
        assert_form_answered(client, draft, address, typed)

    answered()


# What is sent is no form at all


@fuzzed(6)
@given(
    raw=st.binary(max_size=60) | st.sampled_from([b"route=%ff%fe%00", b"&&=;=", b"--x\r\n\r\n"]),
    kind=st.sampled_from(
        [
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded; charset=utf-7",
            "multipart/form-data",
            "multipart/form-data; boundary=x",
            "application/json",
            "text/plain; charset=nothing",
            "",
        ]
    ),
)
def test_what_is_no_form_at_all_is_answered(draft: Exercise, raw: bytes, kind: str) -> None:
    client, base = signed_in(draft, "TR-PLANNER"), f"/x/{draft.pk}/TR-PLANNER/flights"
    before = saved(draft)

    for page in ("new/", "1/form/", "1/do/justify/"):
        answer = client.generic("POST", f"{base}/{page}", raw, content_type=kind)
        assert answer.status_code in (400, *REFUSED), page
    assert saved(draft) == before


def test_more_items_than_any_form_has_are_refused(draft: Exercise) -> None:
    client, base = signed_in(draft, "TR-PLANNER"), f"/x/{draft.pk}/TR-PLANNER/flights"
    many = {f"crossing-{row}-state": "KZ" for row in range(5000)}

    for page in ("new/", "1/form/", "1/do/justify/"):
        assert client.post(f"{base}/{page}", many).status_code == 400


# Lists


@pytest.mark.parametrize("key", ["TR-PLANNER", "KZ-DEFENCE", "INSTRUCTOR"])
def test_nonsense_asked_of_the_lists_is_answered(key: str) -> None:
    exercise = STAGES["examined"].open()
    client, base = signed_in(exercise, key), f"/x/{exercise.pk}/{key}"
    items = st.sampled_from(["q", "tab", "before", "after", "panel", "nothing"])
    pages = ["flights/", "flights/live/", "flights/1/live/", "annual/"]
    pages += ["flight-day/"] if key == "KZ-DEFENCE" else []
    pages += ["record/", "control/live/"] if key == "INSTRUCTOR" else []

    @fuzzed(4)
    @given(st.lists(st.tuples(items, NONSENSE.filter(lambda text: len(text) < 9999)), max_size=5))
    def answered(pairs: list[tuple[str, str]]) -> None:
        for page in pages:
            answer = client.get(f"{base}/{page}", QUERY_STRING=urlencode(pairs))
            if answer.status_code == 404 and {"before", "after"} & dict(pairs).keys():
                continue  # no place in the list
            assert answer.status_code == 200, page
            assert SCRIPT not in answer.text
            if page == "flights/":
                said = form_for(answer, "").fields["q"].strip()
                assert said == dict(pairs).get("q", "").strip()

    answered()


# The instructor's forms, and the door


@pytest.mark.parametrize("code", CLOCK)
def test_nonsense_typed_at_the_clock_is_named(draft: Exercise, code: str) -> None:
    client, base = signed_in(draft, "INSTRUCTOR"), f"/x/{draft.pk}/INSTRUCTOR/control"
    address = f"{base}/{code}/"
    assert does(client, address, CLOCK[code])
    assert assert_answered(client, draft, address, UNFIT[code], address).status_code == 422

    @fuzzed(6)
    @given(filled([*CLOCK[code]], CLOCK[code]))
    def answered(typed: Typed) -> None:
        assert_answered(client, draft, address, typed, address)

    answered()


@fuzzed(6)
@given(
    typed=st.fixed_dictionaries({"username": VALUES, "password": VALUES, "next": NONSENSE}),
    chosen=st.fixed_dictionaries({"seat": VALUES, "pin": VALUES}),
)
def test_nonsense_typed_at_the_door_is_named(typed: Typed, chosen: Typed) -> None:
    client = Client()

    answer = client.post("/", sent(typed))

    assert answer.status_code == 422
    assert SCRIPT not in answer.text
    del typed["password"]  # a page never repeats it
    assert_named_and_kept(answer, typed, "/", answer.context["form"])
    assert client.post("/sit/", sent(chosen)).status_code == 404


@fuzzed(12)
@given(st.fixed_dictionaries({"name": VALUES, "word": VALUES, "next": NONSENSE}))
def test_nonsense_in_place_of_a_name_is_answered(typed: Typed) -> None:
    with override_settings(DEMO=True, DEMO_PIN=""):
        answer = Client().post("/join/", sent(typed))

    assert answer.status_code in (302, 422, 429)
    assert SCRIPT not in answer.text


def test_nonsense_about_the_people_of_an_exercise_is_named(draft: Exercise) -> None:
    client, page = signed_in(draft, "INSTRUCTOR"), f"/x/{draft.pk}/INSTRUCTOR/control/people/"
    people = get_user_model().objects.count()
    doings = st.sampled_from([*DOINGS]) | NONSENSE
    items = {
        "do": doings,
        **dict.fromkeys(("person", "seat", "to", "once", "line", "-name", "name"), VALUES),
        "written": NONSENSE.map(lambda text: f"{text}\n<b>"),
    }

    @fuzzed(24)
    @given(st.fixed_dictionaries(items))
    def answered(typed: Typed) -> None:
        before = transaction.savepoint()
        answer = client.post(page, sent(typed))
        transaction.savepoint_rollback(before)
        assert answer.status_code in (*REFUSED, 302)
        assert SCRIPT not in answer.text

    answered()
    assert get_user_model().objects.count() == people


OPENED = {"name": "Trial", "start": "2026-09-07 06:00", "agreement": "TR-KZ", "help": "AFTER"}


def test_nonsense_in_a_new_exercise_is_named_and_kept(draft: Exercise, settings: Any) -> None:
    settings.DEMO = True
    client, there = signed_in(draft, "TR-PLANNER"), Exercise.objects.count()

    @fuzzed(6)
    @given(filled([*OPENED, "solo"], OPENED))
    def answered(typed: Typed) -> None:
        assert_answered(client, draft, "/open/", typed)

    answered()
    assert Exercise.objects.count() == there


def test_nonsense_about_a_seat_or_an_erasure_is_named(draft: Exercise) -> None:
    client, base = signed_in(draft, "INSTRUCTOR"), f"/x/{draft.pk}/INSTRUCTOR/control"
    chosen = playing.seat(draft, "KZ-DUTY")
    client.post(f"{base}/seats/{chosen.pk}/", {"vacate": "1"})
    people = get_user_model().objects.count()

    @fuzzed(6)
    @given(filled(["holder"], {"holder": "kz-duty-officer"}), filled(["name"], {}))
    def answered(sitting: Typed, erasing: Typed) -> None:
        assert_answered(client, draft, f"{base}/seats/{chosen.pk}/", sitting)
        assert_answered(client, draft, f"{base}/erase/", erasing)

    answered()
    assert get_user_model().objects.count() == people
