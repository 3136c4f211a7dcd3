"""The edge of the product: refusals, double clicks, wrong forms, live parts, the front door."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection
from django.test import Client

from approvals.models import Minute
from audit import acts
from audit.models import Event
from casework import kinds
from control import actions, front, stories, tasks
from exercises.models import Exercise, Help
from tests import canaries, playing, wall
from tests.browsing import body, form_for, signed_in
from tests.test_visibility import addresses, inside, of_requesters
from transit.models import FlightRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def exercise() -> Exercise:
    """One request under examination."""
    return canaries.submitted()


def page_of(exercise: Exercise, key: str) -> str:
    return f"/x/{exercise.pk}/{key}/flights/1/"


def events(exercise: Exercise) -> int:
    return Event.objects.filter(exercise=exercise).count()


# Refusals


def test_a_stale_form_says_who_was_first_and_keeps_what_was_typed() -> None:
    exercise = canaries.examined()
    page = page_of(exercise, "KZ-DECIDER")
    decider = signed_in(exercise, "KZ-DECIDER")
    form = form_for(decider.get(page), "do/authorize/")
    inside(exercise, "KZ-DEPUTY", "refuse", ground="CARGO", reasons="Too heavy.")
    answer = decider.post(form.action, form.fields | {"conditions": "Not below FL195."})
    said = body(answer)
    assert answer.status_code == 409
    assert "Somebody was first" in said
    assert "Refused" in said
    assert "Deputy decider · kz-deputy" in said
    assert "Load not acceptable" in said
    assert ">Conditions</label>" in said  # the form's own label
    assert ">Not below FL195.</textarea>" in said
    assert f'href="{page}"' in said
    assert not FlightRequest.objects.get(exercise=exercise).authorizations.exists()


def test_a_refused_choice_is_kept_in_its_own_words() -> None:
    exercise = canaries.examined()
    decider = signed_in(exercise, "KZ-DECIDER")
    form = form_for(decider.get(page_of(exercise, "KZ-DECIDER")), "do/refuse/")
    inside(exercise, "KZ-DEPUTY", "authorize")
    answer = decider.post(form.action, form.fields | {"ground": "CARGO", "reasons": "Heavy."})
    assert answer.status_code == 409
    assert ">Load not acceptable</textarea>" in body(answer)


def test_what_was_first_on_the_form_itself_keeps_the_whole_form() -> None:
    exercise = actions.create("Draft", at=canaries.moment(1, 6), then=stories.seat_cast)
    script = canaries.form()
    prepare = {"host": "KZ", **script}
    stories.perform(
        exercise,
        {"at": canaries.moment(1, 7), "by": "TR-PLANNER", "do": "prepare", "with": prepare},
    )
    page = f"{page_of(exercise, 'TR-PLANNER')}form/"
    planner = signed_in(exercise, "TR-PLANNER")
    form = form_for(planner.get(page), "")
    stories.perform(
        exercise,
        {
            "at": canaries.moment(1, 8),
            "by": "TR-PLANNER",
            "do": "edit",
            "with": canaries.form(remarks="First."),
        },
    )
    answer = planner.post(page, form.fields | {"remarks": "Second."})
    said = body(answer)
    assert answer.status_code == 409
    assert "Changed meanwhile in another window, to “First.”." in said
    kept = form_for(answer, "").fields
    assert kept["remarks"] == "Second."
    assert kept["crossing-0-entry_point"] == form.fields["crossing-0-entry_point"]


def test_not_your_move_is_refused_and_does_nothing(exercise: Exercise) -> None:
    before = events(exercise)
    attache = signed_in(exercise, "TR-ATTACHE")
    details = {"once": str(uuid.uuid4()), "conditions": ""}
    answer = attache.post(f"{page_of(exercise, 'TR-ATTACHE')}do/authorize/", details)
    assert answer.status_code == 403
    assert "Deciding officer" in body(answer)
    assert events(exercise) == before


def test_a_wrong_role_is_refused_before_its_form_is_judged(exercise: Exercise) -> None:
    registry = signed_in(exercise, "KZ-REGISTRY")
    page = page_of(exercise, "KZ-REGISTRY")
    assert registry.post(f"{page}do/concur/", {}).status_code == 403
    assert registry.post(f"{page}form/", {"call_sign": "!"}).status_code == 403
    new = f"/x/{exercise.pk}/KZ-REGISTRY/flights/new/"
    assert registry.post(new, {"call_sign": "!"}).status_code == 403
    instructor = signed_in(exercise, "INSTRUCTOR")
    new = f"/x/{exercise.pk}/INSTRUCTOR/flights/new/"
    assert instructor.post(new, {"call_sign": "!"}).status_code == 403


def test_a_halted_exercise_answers_503_and_keeps_what_was_typed(exercise: Exercise) -> None:
    page = page_of(exercise, "KZ-REGISTRY")
    registry = signed_in(exercise, "KZ-REGISTRY")
    form = form_for(registry.get(page), "do/minute/")
    Exercise.objects.filter(pk=exercise.pk).update(halted="reply of flight/1: ValueError")
    answer = registry.post(form.action, form.fields | {"text": "Remember this."})
    assert answer.status_code == 503
    assert ">Remember this.</textarea>" in body(answer)
    assert f'href="{page}"' in body(answer)


def test_a_busy_database_answers_503(exercise: Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*args: Any, **details: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(kinds.doors()["minute"], "function", locked)
    registry = signed_in(exercise, "KZ-REGISTRY")
    form = form_for(registry.get(page_of(exercise, "KZ-REGISTRY")), "do/minute/")
    answer = registry.post(form.action, form.fields | {"text": "Remember this."})
    assert answer.status_code == 503
    assert "The database is busy" in body(answer)


def test_a_busy_database_answers_503_at_the_door(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*args: Any, **details: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(front, "_door", locked)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "The database is busy" in body(answer)


def test_a_page_that_is_not_there_keeps_the_frame_of_the_seat(exercise: Exercise) -> None:
    answer = signed_in(exercise, "KZ-REGISTRY").get(f"/x/{exercise.pk}/KZ-REGISTRY/flights/9/")
    assert answer.status_code == 404
    assert "Foreign-ministry registry" in body(answer)
    assert f'href="/x/{exercise.pk}/KZ-REGISTRY/"' in body(answer)


@pytest.mark.parametrize("overtaken", [False, True], ids=["refused", "supplemented"])
def test_a_desk_that_is_asked_no_longer_keeps_what_it_typed(overtaken: bool) -> None:
    """Its answer was dropped while it wrote: by a refusal, or by a form that brought others."""
    exercise = canaries.submitted()
    security = signed_in(exercise, "KZ-SECURITY")
    form = form_for(security.get(page_of(exercise, "KZ-SECURITY")), "do/concur/")
    if overtaken:
        others = canaries.form(passengers="Others, of whom nobody heard yet.")
        inside(exercise, "TR-PLANNER", "begin_supplement")
        inside(exercise, "TR-PLANNER", "edit", **others)
        inside(exercise, "TR-RELEASE", "release_supplement")
        inside(exercise, "TR-ATTACHE", "supplement")
    else:
        inside(exercise, "KZ-DECIDER", "refuse", ground="CARGO", reasons="Too heavy.")

    typed = {"answer": "NON_CONCUR", "reason": "Written at length."}
    answer = security.post(form.action, form.fields | typed)

    assert answer.status_code == 409
    assert ">Written at length.</textarea>" in body(answer)
    assert ("Somebody was first" in body(answer)) is overtaken


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("TR-ATTACHE", "flights/1/do/withdraw/"),
        ("KZ-REGISTRY", "flights/1/do/minute/"),
        ("INSTRUCTOR", "control/next/"),
    ],
)
def test_what_halted_an_exercise_is_read_by_the_instructor_alone(
    exercise: Exercise, key: str, address: str
) -> None:
    halted = "escalate_desk of flight/1/concurrence/SECURITY/1: ValueError"
    Exercise.objects.filter(pk=exercise.pk).update(halted=halted)
    typed = {"once": str(uuid.uuid4()), "reason": "Late.", "text": "Late."}
    answer = signed_in(exercise, key).post(f"/x/{exercise.pk}/{key}/{address}", typed)
    assert answer.status_code == 503
    assert (halted in body(answer)) is (key == "INSTRUCTOR")


def test_an_exercise_that_has_ended_offers_no_move(exercise: Exercise) -> None:
    playing.conduct(exercise, "end")
    for key in ("TR-PLANNER", "TR-ATTACHE", "KZ-REGISTRY", "KZ-DECIDER"):
        said = body(signed_in(exercise, key).get(page_of(exercise, key)))
        assert "/do/" not in said
        assert "This exercise has ended." in said
    planner = signed_in(exercise, "TR-PLANNER")
    new = f"/x/{exercise.pk}/TR-PLANNER/flights/new/"
    assert planner.get(new).status_code == 409
    assert planner.post(new, {"call_sign": "!"}).status_code == 409


@pytest.mark.parametrize(
    "send",
    [
        lambda client: client.get("/", HTTP_HOST="elsewhere.example"),
        lambda client: client.post("/", {"username": "x" * 3_000_000}),
        lambda client: client.get("/route-check/", {f"item{n}": "x" for n in range(2000)}),
    ],
    ids=["another server's name", "too long", "too many items"],
)
def test_what_cannot_be_read_is_answered_by_a_page(send: Any) -> None:
    answer = send(Client())
    assert answer.status_code == 400
    assert "EXERCISE" in body(answer)
    assert "This cannot be read" in body(answer)
    assert "default-src 'self'" in answer["Content-Security-Policy"]


# Forms


def test_a_double_click_lands_on_the_one_result(exercise: Exercise) -> None:
    page = page_of(exercise, "KZ-REGISTRY")
    registry = signed_in(exercise, "KZ-REGISTRY")
    form = form_for(registry.get(page), "do/minute/")
    answers = [registry.post(form.action, form.fields | {"text": "Once."}) for _ in range(2)]
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, page)] * 2
    assert Minute.objects.filter(flight__exercise=exercise).count() == 1


def test_a_page_gone_back_to_takes_something_else(exercise: Exercise) -> None:
    page = page_of(exercise, "KZ-REGISTRY")
    registry = signed_in(exercise, "KZ-REGISTRY")
    form = form_for(registry.get(page), "do/minute/")
    for words in ("First.", "Second."):
        assert registry.post(form.action, form.fields | {"text": words}).status_code == 302
    written = Minute.objects.filter(flight__exercise=exercise).values_list("text", flat=True)
    assert {*written} == {"First.", "Second."}


def test_a_form_gone_back_to_loses_nothing() -> None:
    exercise = playing.before("alpha", "request_release", seated=True)
    page = f"{page_of(exercise, 'TR-PLANNER')}form/"
    planner = signed_in(exercise, "TR-PLANNER")
    form = form_for(planner.get(page), "")
    assert planner.post(page, form.fields | {"remarks": "First."}).status_code == 302
    answer = planner.post(page, form.fields | {"remarks": "Second."})
    assert answer.status_code == 409
    assert form_for(answer, "").fields["remarks"] == "Second."


def test_a_double_click_prepares_one_request(exercise: Exercise) -> None:
    planner = signed_in(exercise, "TR-PLANNER")
    page = f"/x/{exercise.pk}/TR-PLANNER/flights/new/"
    form = form_for(planner.get(page), "")
    answers = [planner.post(page, form.fields) for _ in range(2)]
    assert {one["Location"] for one in answers} == {f"/x/{exercise.pk}/TR-PLANNER/flights/2/"}
    assert FlightRequest.objects.filter(exercise=exercise).count() == 2


def test_a_double_click_on_the_clock_lands_once(exercise: Exercise) -> None:
    instructor = signed_in(exercise, "INSTRUCTOR")
    panel = f"/x/{exercise.pk}/INSTRUCTOR/control/"
    form = form_for(instructor.get(panel), "control/next/")
    before = events(exercise)
    for _ in range(2):
        assert instructor.post(form.action, form.fields)["Location"] == "../"
    jumps = Event.objects.filter(exercise=exercise, seq__gt=before)
    assert [event.verb for event in jumps].count("jump") == 1


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({}, "Choose"),  # the form finds it
        ({"answer": "NON_CONCUR"}, "Give the reasons"),  # the verb finds it
    ],
)
def test_a_fault_is_shown_at_its_field_and_keeps_what_was_typed(
    exercise: Exercise, answer: dict[str, str], message: str
) -> None:
    page = page_of(exercise, "KZ-SECURITY")
    security = signed_in(exercise, "KZ-SECURITY")
    form = form_for(security.get(page), "do/concur/")
    typed = {"conditions": ""} | answer
    shown = security.post(form.action, form.fields | typed)
    said = body(shown)
    assert shown.status_code == 422
    assert "There is a problem" in said
    assert said.count(message) >= 2  # in the summary and at the field
    assert Event.objects.filter(exercise=exercise).latest("seq").verb != "concur"


def test_a_moment_that_is_none_is_shown_at_its_field(exercise: Exercise) -> None:
    instructor = signed_in(exercise, "INSTRUCTOR")
    panel = f"/x/{exercise.pk}/INSTRUCTOR/control/"
    for typed, message in (
        ("tomorrow", "Give date and time in UTC"),
        ("2020-01-01 00:00", "Simulated time only runs forward"),
    ):
        form = form_for(instructor.get(panel), "control/jump/")
        answer = instructor.post(form.action, form.fields | {"to": typed})
        assert answer.status_code == 422
        assert body(answer).count(message) == 2
        assert f'value="{typed}"' in body(answer)


def test_a_check_dealt_with_meanwhile_is_named() -> None:
    exercise = playing.before(
        "alpha", "concur", seated=True, **canaries.WEAPONS, leaves_behind="STORES"
    )
    lead = signed_in(exercise, "KZ-DEFENCE")
    form = form_for(lead.get(page_of(exercise, "KZ-DEFENCE")), "do/deal_with/")
    one = {"findings": ["WEAPONS_DECLARED"], "disposal": "ACCEPTED", "reason": "Unloaded."}
    inside(exercise, "KZ-SECURITY", "deal_with", **one)
    answer = lead.post(form.action, form.fields | one | {"reason": "Written at length."})
    assert answer.status_code == 422
    assert body(answer).count("WEAPONS_DECLARED no longer stands") == 2
    assert "Written at length.</textarea>" in body(answer)


# Exams, and what is withheld


def test_in_an_exam_nobody_copies_the_marks_of_another() -> None:
    exercise = playing.before("alpha", "concur", seated=True, help_shown=Help.OFF)
    playing.check_alone(exercise, "KZ-SECURITY", "WEAPONS_DECLARED", states=["TR", "KZ"])
    lead, page = signed_in(exercise, "KZ-DEFENCE"), page_of(exercise, "KZ-DEFENCE")
    before = body(lead.get(page))
    assert "WEAPONS_DECLARED" not in before
    assert 'name="findings"' not in before
    inside(exercise, "KZ-DEFENCE", "own_check", states=["TR", "KZ"])
    after = body(lead.get(page))
    assert "WEAPONS_DECLARED" in after
    assert 'name="findings"' in after


def test_a_question_dropped_before_a_secret_refusal_stays_dropped() -> None:
    """At the same moment of a clock that stands, too."""
    exercise = canaries.submitted()
    inside(exercise, "KZ-AIR_DEFENCE", "ask", text="Which route?")
    question = FlightRequest.objects.get(exercise=exercise).questions.get()
    asker = playing.seat(exercise, "KZ-AIR_DEFENCE")
    with acts.act(exercise, by=asker) as at:
        kinds.doors()["drop"](question, by=asker, at=at)
    before = of_requesters(exercise)
    inside(exercise, "KZ-DECIDER", "refuse", ground="CARGO", reasons="Too heavy.")
    after = of_requesters(exercise)
    assert [page for page in before if before[page] != after[page]] == []


# GET


@pytest.mark.parametrize("key", ["TR-PLANNER", "KZ-DECIDER", "INSTRUCTOR"])
def test_reading_writes_nothing(exercise: Exercise, key: str) -> None:
    client = signed_in(exercise, key)
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        for address in addresses(exercise, key):
            client.get(address)
    written = ("INSERT", "UPDATE", "DELETE", "BEGIN", "SAVEPOINT")
    assert [sql for sql in asked if sql.startswith(written)] == []
    assert asked


@pytest.mark.parametrize(
    ("key", "part"),
    [
        ("KZ-DECIDER", "clock/"),
        ("KZ-DECIDER", "flights/live/"),
        ("KZ-DECIDER", "flights/1/live/"),
        ("KZ-OPERATIONS", "flight-day/live/"),
        ("INSTRUCTOR", "control/live/"),
    ],
)
def test_a_live_part_is_sent_again_only_when_something_changed(
    exercise: Exercise, key: str, part: str
) -> None:
    client = signed_in(exercise, key)
    address = f"/x/{exercise.pk}/{key}/{part}"
    first = client.get(address)
    assert client.get(address, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    inside(exercise, "KZ-OPERATIONS", "minute", text="Something happened.")
    changed = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert changed.status_code == 200
    assert "<html" not in body(changed)


def test_a_live_part_of_somebody_signed_out_takes_the_whole_page_to_the_door(
    exercise: Exercise,
) -> None:
    page = page_of(exercise, "KZ-DECIDER")
    answer = Client().get(
        f"{page}live/",
        HTTP_HX_REQUEST="true",
        HTTP_HX_CURRENT_URL=f"http://testserver{page}",
    )
    assert answer["HX-Redirect"] == f"/?next={page.replace('/', '%2F')}"
    assert answer.content == b""


def test_the_panel_warns_when_no_worker_ticks(exercise: Exercise) -> None:
    with wall.standing() as real_time:
        playing.conduct(exercise, "run", rate=1)
        instructor = signed_in(exercise, "INSTRUCTOR")
        panel = f"/x/{exercise.pk}/INSTRUCTOR/control/"
        assert "No worker lets time pass" not in body(instructor.get(panel))
        real_time.wait(minutes=1)
        assert "No worker lets time pass" in body(instructor.get(panel))


def test_the_panel_warns_when_the_last_tick_lies_ahead(exercise: Exercise) -> None:
    with wall.standing() as real_time:
        playing.conduct(exercise, "run", rate=1)
        tasks.tick()
        real_time.wait(hours=-1)
        instructor = signed_in(exercise, "INSTRUCTOR")
        panel = f"/x/{exercise.pk}/INSTRUCTOR/control/"
        said = body(instructor.get(panel))
        assert "The clock of a machine was set back." in said
        assert "The last sign of life lies 1 h ahead" in said
        tasks.tick()
        assert "set back." not in body(instructor.get(panel))


def test_a_halted_exercise_shows_its_reason_to_the_instructor(exercise: Exercise) -> None:
    Exercise.objects.filter(pk=exercise.pk).update(halted="reply of flight/1: ValueError")
    instructor = signed_in(exercise, "INSTRUCTOR")
    panel = f"/x/{exercise.pk}/INSTRUCTOR/control/"
    said = body(instructor.get(panel))
    assert "reply of flight/1: ValueError" in said
    end = form_for(instructor.get(panel), "control/end/")
    assert instructor.post(end.action, end.fields).status_code == 302
    exercise.refresh_from_db()
    assert exercise.ended_at is not None


# Safety


def test_every_page_carries_a_policy_without_holes(exercise: Exercise) -> None:
    client = signed_in(exercise, "INSTRUCTOR")
    for address in ("/", "/nowhere/", f"/x/{exercise.pk}/INSTRUCTOR/control/"):
        policy = client.get(address)["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def test_no_page_carries_script_or_style_of_its_own(exercise: Exercise) -> None:
    for key in ("TR-PLANNER", "KZ-DECIDER", "INSTRUCTOR"):
        client = signed_in(exercise, key)
        for address in addresses(exercise, key):
            said = client.get(address).getvalue().decode(errors="replace")
            assert "<style" not in said, address
            assert ' style="' not in said, address
            assert " onclick" not in said, address
            data = said.count('type="application/json"')
            assert said.count("<script") == said.count("<script src=") + data, address


def test_a_form_without_its_token_is_refused(exercise: Exercise) -> None:
    registry = signed_in(exercise, "KZ-REGISTRY", enforce_csrf_checks=True)
    details = {"once": str(uuid.uuid4()), "text": "Forged."}
    answer = registry.post(f"{page_of(exercise, 'KZ-REGISTRY')}do/minute/", details)
    assert answer.status_code == 403
    assert "This form is too old" in body(answer)
    assert not Minute.objects.filter(flight__exercise=exercise).exists()
    for address in ("/", "/sit/", "/sign-out/"):
        assert registry.post(address).status_code == 403


# The front door


@pytest.fixture
def demo(settings: Any) -> Any:
    settings.DEMO, settings.DEMO_PIN = True, ""
    return settings


def take(exercise: Exercise, key: str, **details: str) -> Any:
    return Client().post("/sit/", {"seat": playing.seat(exercise, key).pk, **details})


def test_one_click_signs_in_as_the_holder_of_the_seat(exercise: Exercise, demo: Any) -> None:
    front = body(Client().get("/"))
    assert f'value="{playing.seat(exercise, "KZ-DECIDER").pk}"' in front
    answer = take(exercise, "KZ-DECIDER")
    assert answer["Location"] == f"/x/{exercise.pk}/KZ-DECIDER/"
    assert answer.wsgi_request.user.get_username() == "kz-decider"


def test_one_click_never_signs_in_a_user_with_a_password(exercise: Exercise, demo: Any) -> None:
    chosen = playing.seat(exercise, "KZ-DECIDER")
    person = get_user_model().objects.create_user("person", password="pass word")
    playing.conduct_seat(exercise, chosen, holder=person.get_username())
    assert take(exercise, "KZ-DECIDER").status_code == 404
    assert f'value="{chosen.pk}"' not in body(Client().get("/"))


def test_there_is_no_one_click_outside_a_demo(exercise: Exercise, settings: Any) -> None:
    settings.DEMO = False
    assert take(exercise, "KZ-DECIDER").status_code == 404
    front = body(Client().get("/"))
    assert "/sit/" not in front
    assert exercise.name not in front


@pytest.mark.parametrize("chosen", ["", "0", "nobody", "999999"])
def test_a_seat_that_is_none_is_not_there(demo: Any, chosen: str) -> None:
    assert Client().post("/sit/", {"seat": chosen}).status_code == 404


def test_beyond_this_machine_a_pin_is_asked(exercise: Exercise, demo: Any) -> None:
    demo.DEMO_PIN = "4711"
    assert 'name="pin"' in body(Client().get("/"))
    wrong = take(exercise, "KZ-DECIDER", pin="1234")
    assert wrong.status_code == 422
    assert "This is not the PIN" in body(wrong)
    assert not wrong.wsgi_request.user.is_authenticated
    assert take(exercise, "KZ-DECIDER", pin="4711").status_code == 302


def test_a_person_signs_in_and_comes_back_to_the_page(exercise: Exercise) -> None:
    get_user_model().objects.create_user("person", password="pass word")
    playing.conduct_seat(exercise, playing.seat(exercise, "KZ-DECIDER"), holder="person")
    client = Client()
    page = page_of(exercise, "KZ-DECIDER")
    door = client.get(page)["Location"]
    form = form_for(client.get(door), "/")
    wrong = client.post("/", form.fields | {"username": "person", "password": "wrong"})
    assert wrong.status_code == 422
    assert f'value="{page}"' in body(wrong)
    right = client.post("/", form.fields | {"username": "person", "password": "pass word"})
    assert right["Location"] == page
    assert client.get(page).status_code == 200
    assert client.post("/sign-out/")["Location"] == "/"
    assert client.get(page).status_code == 302


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/"])
def test_signing_in_leads_nowhere_else(target: str) -> None:
    get_user_model().objects.create_user("person", password="pass word")
    details = {"username": "person", "password": "pass word", "next": target}
    assert Client().post("/", details)["Location"] == "/"


# The instructor's panel


def test_the_instructor_vacates_and_gives_a_seat(exercise: Exercise) -> None:
    get_user_model().objects.create_user("newcomer")
    instructor = signed_in(exercise, "INSTRUCTOR")
    chosen = playing.seat(exercise, "KZ-DECIDER")
    page = f"/x/{exercise.pk}/INSTRUCTOR/control/seats/{chosen.pk}/"
    form = form_for(instructor.get(page), "")
    assert instructor.post(page, form.fields | {"vacate": "1"})["Location"] == "../../"
    assert playing.seat(exercise, "KZ-DECIDER").holder is None
    form = form_for(instructor.get(page), "")
    assert instructor.post(page, form.fields | {"holder": "nobody"}).status_code == 422
    assert instructor.post(page, form.fields | {"holder": "newcomer"}).status_code == 302
    assert playing.seat(exercise, "KZ-DECIDER").hand == "newcomer"


def test_what_the_instructor_does_for_a_seat_is_marked(exercise: Exercise) -> None:
    instructor = signed_in(exercise, "INSTRUCTOR")
    page = page_of(exercise, "KZ-REGISTRY")
    form = form_for(instructor.get(page), "do/minute/")
    instructor.post(form.action, form.fields | {"text": "For them."})
    event = Event.objects.filter(exercise=exercise).latest("seq")
    assert event.payload["by"] == {
        "seat": "KZ-REGISTRY",
        "holder": "instructor",
        "instructor": True,
    }
    record = body(instructor.get(f"/x/{exercise.pk}/INSTRUCTOR/record/"))
    assert "instructor acting" in record
    assert "Minute written" in record


def test_the_record_names_every_event_in_words(exercise: Exercise) -> None:
    playing.conduct(exercise, "run", rate=10)
    for verb in ("pause", "step", "end"):
        playing.conduct(exercise, verb)
    instructor, page = signed_in(exercise, "INSTRUCTOR"), f"/x/{exercise.pk}/INSTRUCTOR/record/"
    record = body(instructor.post(f"{page}verify/", follow=True))
    assert "The record is intact." in record
    for words in ("Exercise opened", "Seat taken", "Clock set running", "×10", "Exercise ended"):
        assert words in record


def test_an_exercise_is_erased_only_by_its_name(exercise: Exercise) -> None:
    instructor = signed_in(exercise, "INSTRUCTOR")
    page = f"/x/{exercise.pk}/INSTRUCTOR/control/erase/"
    assert instructor.post(page, {"name": "another"}).status_code == 422
    assert Exercise.objects.filter(pk=exercise.pk).exists()
    assert instructor.post(page, {"name": exercise.name})["Location"] == "/"
    assert not Exercise.objects.filter(pk=exercise.pk).exists()


def test_the_next_happening_is_named(exercise: Exercise) -> None:
    panel = f"/x/{exercise.pk}/INSTRUCTOR/control/"
    said = body(signed_in(exercise, "INSTRUCTOR").get(panel))
    assert "TR-KZ-0001 · answer of the desk (Air defence) falls due" in said
    with acts.act(exercise, by=playing.seat(exercise, "INSTRUCTOR")) as at:
        actions.end(exercise, by=playing.seat(exercise, "INSTRUCTOR"), at=at)


def test_a_jump_that_is_refused_gives_back_the_moment_that_was_typed(exercise: Exercise) -> None:
    instructor = signed_in(exercise, "INSTRUCTOR")
    playing.conduct(exercise, "end")

    answer = instructor.post(
        f"/x/{exercise.pk}/INSTRUCTOR/control/jump/", {"to": "2026-09-20 07:00"}
    )

    assert answer.status_code == 409
    assert "2026-09-20 07:00" in body(answer)


def test_a_refusal_leads_to_the_clause_of_the_procedure() -> None:
    exercise = playing.before("alpha", "authorize", seated=True)
    registry = signed_in(exercise, "KZ-REGISTRY")

    answer = registry.post(f"{page_of(exercise, 'KZ-REGISTRY')}do/authorize/")

    assert answer.status_code == 403
    assert 'href="/sop/#11.1"' in body(answer)
    assert "SOP 11.1 Authorization" in body(answer)
