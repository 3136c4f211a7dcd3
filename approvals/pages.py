"""What the pages of lists and flights show to a seat. Reads only; `visible_to` says of what."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import rules
from approvals import checks, rounds, words
from approvals.models import Answer, Concurrence
from approvals.rounds import latest_round
from books import calendars
from books.calendars import CalendarRangeError
from casework import dates, work
from casework.duties import Owed
from casework.history import history
from exercises.models import DECIDERS, REQUESTER_ROLES, Help, Role
from rules import Severity
from transit import filing, mapping, short_notice
from transit.form import SECTIONS, label_of
from transit.forms import plain, tasks
from transit.models import (
    AHEAD,
    ENDED,
    FLOWN,
    PREPARATION,
    AuthorizationStatus,
    FlightRequest,
    Movement,
    MovementStatus,
    Revision,
)
from transit.models.movement import NO_REPORT

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models import QuerySet

    from casework.steps import Task
    from exercises.models import Seat
    from exercises.seating import SeatedRequest
    from rules import Rule
    from transit.form import Item, Section
    from transit.models import Authorization, Crossing

#: Duties of the requesting side that the host knows of, by the notes that passed.
SHARED_DUTIES = frozenset({"question", "completion", "filing", "report"})


# One flight


def case(found: FlightRequest, request: SeatedRequest) -> dict[str, Any]:
    """Return the page of one flight: the requester's status page or the host's case page.

    Nothing of the host's inside is put into the requesting side's context.
    """
    seat, at = request.seat, request.at
    requesting, is_helped = is_requesting(seat), checks.is_helped(found, seat)
    revision = _shown_revision(found, seat)
    earlier = _earlier(found, revision)
    changed = rounds.changed_items(earlier, revision) if earlier else set()
    goods_before = earlier if "goods" in changed else None
    status = found.status_for(seat)
    context: dict[str, Any] = {
        "flight": found,
        "is_requester": requesting,
        "status": status,
        "tone": words.tone(status),
        "status_words": words.status_words(found, seat),
        "track": found.track,
        "revision": revision,
        "form_status": _form_status(revision),
        "sections": facts(revision, earlier),
        "crossings": _crossings(revision),
        "earlier_crossings": _crossings(earlier if "crossings" in changed else None),
        "goods": _goods(revision),
        "goods_before": goods_before,
        "earlier_goods": _goods(goods_before),
        "route": _route(revision, at=at) if is_helped else None,
        "notes": list(found.notes.select_related("in_reply_to")),
        "questions": [_question(row, request) for row in found.questions.all()],
        "authorization": _authorization(found, request),
        "movements": [_movement(row, request) for row in found.movements_known_to(seat)],
        "history": history(found, seat),
        "holders": holders(found, request),
        "answer_by": answer_by(found, at=at) if is_helped else None,
        "strip": _strip(found) if is_helped else None,
        "is_helped": is_helped,
        "own_check": _own_check(found, request),
    }
    context["holder"] = foremost(context["holders"])
    if requesting or found.received_at:
        context["checks"] = _checks(found, request, revision)
    if not requesting:
        context |= {
            "desks": _desks(found, request),
            "minutes": list(found.minutes.select_related("written_by")),
            "decision": _decision(found, seat),
        }
    if (requesting or seat.is_instructor) and revision.enclosed_at is None:
        context["tasks"] = tasks(revision, at=at)
        if found.status in PREPARATION and is_helped:
            asked = short_notice.asked(found, at=at)
            context["short_notice"] = [one for one in asked if one.is_short]
    return context


def is_requesting(seat: Seat) -> bool:
    return seat.role in REQUESTER_ROLES


def _shown_revision(found: FlightRequest, seat: Seat) -> Revision:
    """The host never sees the live draft; the requester sees it until a note carries it."""
    works_on_it = found.status in PREPARATION or found.is_with_host
    if works_on_it and (is_requesting(seat) or seat.is_instructor):
        return found.latest
    return found.content


def _form_status(revision: Revision) -> str:
    if revision.enclosed_at:
        note = revision.flight.notes.filter(enclosure=revision.ref).last()
        return _("Enclosed with note %(number)s") % {"number": note.number} if note else ""
    if revision.released_by_id:
        return _("Draft, released: the next note encloses it")
    return _("Draft: the host state does not see it")


def _earlier(found: FlightRequest, revision: Revision) -> Revision | None:
    """Return the revision before, whose items the form is compared with."""
    before = [one for one in found.revisions.all() if one.number < revision.number]
    return before[-1] if before else None


def facts(revision: Revision, earlier: Revision | None) -> list[dict[str, Any]]:
    """Return the form in sections, each item with what the revision before said."""
    sections = []
    for section in SECTIONS:
        items = [_fact(revision, earlier, section, item) for item in section.items]
        sections.append(
            {
                "code": section.code,
                "title": section.title,
                "items": [one for one in items if one["is_shown"]],
                "left_out": [one["label"] for one in items if not one["is_shown"]],
            }
        )
    return sections


def _fact(
    revision: Revision, earlier: Revision | None, section: Section, item: Item
) -> dict[str, Any]:
    name = item.name
    value = _value(revision, name)
    old = _value(earlier, name) if earlier else value
    return {
        "label": label_of(name),
        "value": value,
        "moment": value if isinstance(value, datetime) else None,
        "old": old if old != value else None,
        "old_moment": old if old != value and isinstance(old, datetime) else None,
        "is_changed": old != value,
        "is_wide": item.across and section.code != "undertakings",
        "unit": item.unit,
        "is_shown": value not in (None, "") or old != value or item.needed,
    }


def _value(revision: Revision, name: str) -> Any:
    value = getattr(revision, name)
    if name == "category":
        return capfirst(str(revision.flight.agreement.categories.get(value, "")))
    if name.startswith("undertakes_"):
        return _("Undertaken") if value else ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    display = getattr(revision, f"get_{name}_display", None)
    return str(display()) if display and value else value


def _crossings(revision: Revision | None) -> list[dict[str, Any]]:
    if revision is None:
        return []
    return [_crossing(row, revision.flight) for row in revision.crossings.all()]


def _crossing(row: Crossing, flight: FlightRequest) -> dict[str, Any]:
    own = (flight.host, flight.requesting_state)
    return {
        "row": row,
        "state": mapping.state_name(row.state, flight.agreement),
        "is_host": row.state == flight.host,
        "is_third": row.state not in own,
    }


def _goods(revision: Revision | None) -> list[dict[str, Any]]:
    if revision is None:
        return []
    return [
        {
            "row": row,
            "gross": _amount(row.gross_kg, _("kg")),
            "net": _amount(row.net_quantity, row.get_net_unit_display()),
            "explosive": _amount(row.net_explosive_kg, _("kg")),
        }
        for row in revision.goods.all()
    ]


def _amount(amount: Decimal | None, unit: str) -> str:
    return "" if amount is None else f"{plain(amount)} {unit}"


def _route(revision: Revision, *, at: datetime) -> dict[str, Any] | None:
    """Return the route as drawn, for map and tables, with what is declared of it.

    None where it cannot be drawn. `key` changes with the map.
    """
    look = rules.Matter(revision, at)
    if look.route is None:
        return None
    agreement, declared = look.agreement, look.crossings
    zones = mapping.invented_zones()
    drawn = mapping.map_data(look.route, declared=declared, zones=zones, agreement=agreement)
    tables = mapping.tables(
        look.route,
        knots=round(look.knots) if look.knots else None,
        declared=declared,
        zones=zones,
        agreement=agreement,
    )
    return {
        "key": hashlib.sha256(json.dumps(drawn).encode()).hexdigest()[:12],
        "map": drawn,
        "declared": tables.pop("declared"),
        "tables": tables,
    }


def _question(row: Any, request: SeatedRequest) -> dict[str, Any]:
    """The asking desk is the host's own affair; a secret refusal drops a question unseen."""
    requesting = is_requesting(request.seat)
    desk = row.flight.agreement.desks.get(row.desk)
    return {
        "row": row,
        "is_open": row.looks_open if requesting else row.is_open,
        "is_dropped": bool(row.dropped_at) and not (requesting and row.was_dropped_by_decision),
        "desk": None if requesting else (desk.label if desk else Role(row.desk).label),
        "due": dates.shown(row, at=request.at) if row.looks_open else None,
    }


def _authorization(found: FlightRequest, request: SeatedRequest) -> dict[str, Any] | None:
    """The number as the seat may know it: the requesting side learns it by the note in reply."""
    row: Authorization | None = next(reversed(found.authorizations.all()), None)
    requesting = is_requesting(request.seat)
    if row is None or (requesting and found.replied_at is None):
        return None
    holds = (
        row.status == AuthorizationStatus.IN_FORCE
        and row.valid_from <= request.at < row.valid_until
    )
    return {
        "number": row.number,
        "words": row.condition_at(request.at),
        "tone": "good" if holds else "neutral",
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "conditions": row.conditions,
        "override_ground": "" if requesting else row.override_ground,
        "training_defaults": found.agreement.training_defaults & {"window", "number"},
        "is_told": found.replied_at is not None,
    }


def _plan_check(row: Movement, request: SeatedRequest) -> dict[str, Any] | None:
    """The flight plan as filed beside what was authorized; None before one is filed."""
    if not row.plan or row.authorization is None:
        return None
    is_helped = checks.is_helped(row.flight, request.seat)
    found = filing.discrepancies(row) if is_helped else []
    return {
        "is_helped": is_helped,
        "filed": row.plan,
        "authorized": filing.proposed(row.authorization) if is_helped else "",
        "found": [
            {
                "row": one,
                "tone": SEVERITY_TONES[one.severity],
                "severity": _SEVERITY_WORDS[one.severity],
            }
            for one in found
        ],
        "remarks": row.plan_remarks,
    }


def _movement(row: Movement, request: SeatedRequest) -> dict[str, Any]:
    status = row.status_for(request.seat)
    shown: dict[str, Any] = {
        "plan": row.plan,
        "number": row.number,
        "registration": row.revision.registration,
        "status": status,
        "tone": words.movement_tone(status),
        "due": _own_due(row, request),
        "report": row.report,
        "reported_at": row.reported_at,
        "persons_on_board": row.persons_on_board,
    }
    if is_requesting(request.seat):
        return shown
    return shown | {
        "plan_check": _plan_check(row, request),
        "registration": row.filed_registration or row.revision.registration,
        "checked_at": row.checked_at,
        "entered_at": row.entered_at,
        "entry_point": row.entry_point,
        "exited_at": row.exited_at,
        "exit_point": row.exit_point,
        "landed_at": row.landed_at,
        "overdue_at": row.overdue_at,
        "findings": [FOUND_BY_THE_CLOCK.get(one, one) for one in row.findings],
    }


#: Findings of the clock, in words.
FOUND_BY_THE_CLOCK = {NO_REPORT: gettext_lazy("No post-flight report within the time allowed.")}

SEVERITY_TONES = {Severity.BLOCK: "bad", Severity.QUERY: "warn", Severity.NOTIFY: "neutral"}


def _checks(
    found: FlightRequest, request: SeatedRequest, revision: Revision
) -> list[dict[str, Any]] | None:
    """The findings on the form: for the host with how they were dealt with; None: not shown.

    To the requesting side they are a check before the note; what the host does with its own
    stays inside.
    """
    seat, at = request.seat, request.at
    if is_requesting(seat):
        if not checks.is_helped(found, seat):
            return None
        return [
            _check(one.rule, one.sentence)
            for one in checks.told(revision, seat, at=at)
            # What is missing stands section by section beside the form.
            if one.code != "FORM_INCOMPLETE"
        ]
    if not checks.has_checked(found, seat):
        return None
    if found.exercise.help == Help.OFF and seat.is_instructor:
        return [_check(one.rule, one.sentence) for one in rules.findings(revision, at=at)]
    return [
        _check(one.rule, one.finding.sentence if one.finding else "") | {"item": one}
        for one in checks.items(found, at=at)
    ]


def _check(rule: Rule, sentence: str) -> dict[str, Any]:
    return {
        "rule": rule,
        "sentence": sentence,
        "tone": SEVERITY_TONES[rule.severity],
        "severity": _SEVERITY_WORDS[rule.severity],
        "item": None,
    }


_SEVERITY_WORDS = {
    Severity.BLOCK: gettext_lazy("blocks"),
    Severity.QUERY: gettext_lazy("query"),
    Severity.NOTIFY: gettext_lazy("to be known"),
}


def _own_check(found: FlightRequest, request: SeatedRequest) -> dict[str, Any] | None:
    """What the officer marked, beside what the product finds once it may be seen."""
    seat, at = request.seat, request.at
    own = None if found.exercise.help == Help.OPEN else checks.own_check(found, seat)
    if own is None:
        return None
    shown: dict[str, Any] = {"row": own, "is_compared": checks.is_helped(found, seat)}
    if shown["is_compared"]:
        form = checks.read_by(found, seat)
        codes = checks.found_codes(own, seat, at=at)
        marked = {*own.codes}
        route = rules.Matter(form, at).route
        due = answer_by(found, at=at)
        shown |= {
            "codes": [
                {"code": code, "is_marked": code in marked, "is_found": code in codes}
                for code in sorted(codes | marked)
            ],
            "states": route.state_sequence_without_marginal if route else [],
            "due": due,
        }
    return shown


def _own_due(row: Owed, request: SeatedRequest) -> dates.Shown | None:
    """The date of the present duty; the requesting side sees its own alone."""
    duty = row.present_duty
    if duty is None or (is_requesting(request.seat) and duty.of_host):
        return None
    return dates.shown(row, at=request.at)


def _desks(found: FlightRequest, request: SeatedRequest) -> dict[str, list[dict[str, Any]]]:
    """The desks with the answers that count, the lead desk last; then the earlier rounds."""
    latest = {row.pk for row in latest_round(found)}
    asking = {row.desk for row in found.questions.all() if row.is_open and found.is_with_host}
    shown = [
        {
            "row": row,
            "label": row.definition.label,
            "is_binding": row.definition.binding,
            "tone": words.ANSWER_TONES.get(Answer(row.answer), "neutral"),
            "is_latest": row.pk in latest,
            "is_asking": row.is_pending and row.desk in asking,
            "reason": row.reason if may_read_reason(row, request.seat) else "",
            "is_reason_kept": bool(row.reason) and not may_read_reason(row, request.seat),
            "due": dates.shown(row, at=request.at, pauses=rounds.pauses(found, desk=row.desk)),
        }
        for row in sorted(
            found.concurrences.all(), key=lambda row: (row.definition.is_lead, row.desk, row.round)
        )
    ]
    return {
        "latest": [one for one in shown if one["is_latest"]],
        "earlier": [one for one in shown if not one["is_latest"]],
    }


def may_read_reason(row: Concurrence, seat: Seat) -> bool:
    """Security's reasons are for the desk itself, the lead desk, the deciders."""
    if not row.definition.reasons_private or seat.is_instructor:
        return True
    return seat.role in (row.desk, row.flight.agreement.lead_desk.code, *DECIDERS)


def _decision(found: FlightRequest, seat: Seat) -> dict[str, Any] | None:
    """The decision as the host's side sees it: before the note, and with its ground."""
    if found.decided_at is None:
        return None
    return {
        "at": found.decided_at,
        "is_told": found.replied_at is not None,
        "ground": str(found.agreement.grounds.get(found.ground, "")),
        "reasons": found.ground_text,
    }


# Who has it


def holders(found: FlightRequest, request: SeatedRequest) -> list[dict[str, Any]]:
    """Say who has the flight now, with what, until when: own seats by name, the others as a state.

    The requesting side knows "the host state" and the agreement's date, no more.
    """
    seat, at = request.seat, request.at
    tasks = [task for task in work.shown_work(request) if task.case == found]
    own = [task for task in tasks if seat.is_instructor or task.state == seat.state]
    rows = [_holder(task, seat, at) for task in own]
    if is_requesting(seat):
        if found.awaits_answer:
            rows.append(
                {
                    "who": _("The host state, %(state)s") % {"state": found.host_state.name},
                    "what": _("answer by note"),
                    "due": answer_by(found, at=at) if checks.is_helped(found, seat) else None,
                    "is_me": False,
                }
            )
    elif not seat.is_instructor:
        rows += [
            {
                "who": _("The requesting state, %(state)s") % {"state": found.requester.name},
                "what": task.duty.label,
                "due": task_due(task, at),
                "is_me": False,
            }
            for task in tasks
            if task.state != seat.state and task.duty.code in SHARED_DUTIES
        ]
    return rows


def foremost(held_by: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the reader's own part where there is one, else what is owed next."""
    return next((one for one in held_by if one["is_me"]), held_by[0] if held_by else None)


def _holder(task: Task, seat: Seat, at: datetime) -> dict[str, Any]:
    who = str(task.role.label)
    if seat.is_instructor:
        name = task.case.agreement.states[task.state].name
        who = f"{who}, {name}"
    what = str(task.duty.label)
    if isinstance(task.row, Concurrence) and not task.row.definition.has_seat:
        what = f"{what}: {task.row.definition.label}"  # the lead desk enters it
    return {
        "who": who,
        "what": what,
        "due": task_due(task, at),
        "is_me": task.is_of(seat),
    }


def task_due(task: Task, at: datetime) -> dates.Shown | None:
    """The date of a step with the pauses of its desk; None where no date can press."""
    row = task.row
    if not isinstance(row, Owed):
        return None
    pauses = rounds.pauses(row.flight, desk=row.desk) if isinstance(row, Concurrence) else ()
    return dates.shown(row, at=at, pauses=pauses)


def answer_by(found: FlightRequest, *, at: datetime) -> dates.Shown | None:
    """The agreement's date for an answer; both sides know it, as both know the agreement."""
    if not found.awaits_answer:
        return None
    try:
        reckoned = rounds.answer_by(found)
    except CalendarRangeError:  # it lies beyond the years that the calendar knows
        return None
    return dates.explained(reckoned, due_at=reckoned.due_at, at=at)


def _strip(found: FlightRequest) -> list[dates.Strip] | None:
    """The agreement's date for an answer on the calendars of both states, as for `answer_by`."""
    if not found.awaits_answer:
        return None
    version = found.exercise.calendar_version
    host, other = (calendars.office(version, one) for one in (found.host, found.requesting_state))
    names = {code: state.name for code, state in found.agreement.states.items()}
    try:
        count = rounds.answer_by(found).count
        return dates.strip(count, host, other, names=names, entry_at=found.entry_at)
    except CalendarRangeError:  # it lies beyond the years that the calendar knows
        return None


# The list

TABS = {"mine": "is_mine", "open": "is_open", "done": "is_done"}


def listing(request: SeatedRequest) -> dict[str, Any]:
    """Rows by least time left, in tabs; the seat's own work first."""
    seat = request.seat
    found = FlightRequest.objects.visible_to(seat).with_forms()
    found = found.prefetch_related("questions", "ownchecks")
    rows = sorted((_row(one, request) for one in found), key=_least_time_left)
    search = request.GET.get("q", "").strip()
    if search:
        rows = [row for row in rows if search.lower() in row["text"].lower()]
    tab = request.GET.get("tab", "open")
    if tab not in TABS:
        tab = "open"
    return {
        "rows": [row for row in rows if row[TABS[tab]]],
        "tab": tab,
        "counts": {name: sum(row[flag] for row in rows) for name, flag in TABS.items()},
        "q": search,
        "is_requester": is_requesting(seat),
        "may_prepare": seat.role == Role.PLANNER,
    }


def _least_time_left(row: dict[str, Any]) -> tuple[Any, ...]:
    due = row["due"]
    return (
        row["is_done"],
        not row["is_mine"],
        due is None or due.at is None,
        due.at if due and due.at else row["flight"].exercise.opened_at,
        -row["flight"].number,
    )


def _row(one: FlightRequest, request: SeatedRequest) -> dict[str, Any]:
    seat = request.seat
    form = _shown_revision(one, seat)
    status = one.status_for(seat)
    held_by = holders(one, request)
    first = foremost(held_by)
    authorization = _authorization(one, request)
    return {
        "flight": one,
        "form": form,
        "entry": form.planned_entry,
        "status": status,
        "tone": words.tone(status),
        "number": authorization["number"] if authorization else "",
        "holder": first,
        "others": len(held_by) - 1,
        "due": first and _plain(first["due"]),
        "is_mine": any(held["is_me"] for held in held_by),
        "is_open": one.closed_at is None,
        "is_done": one.closed_at is not None,
        "text": " ".join(
            (
                one.reference,
                form.call_sign,
                form.aircraft_type,
                form.registration,
                form.departure,
                form.destination,
                form.operator,
                authorization["number"] if authorization else "",
            )
        ),
    }


def _plain(due: dates.Shown | None) -> dates.Shown | None:
    """A date without its count, which the page of the flight opens."""
    return due and dates.Shown(due.at, due.tone, due.text)


# The day


def day(request: SeatedRequest) -> dict[str, Any]:
    """The movements of the host's flights, by what they wait for."""
    seat = request.seat
    if is_requesting(seat):
        raise Http404
    rows = movements().filter(exercise=request.exercise).select_related("flight__exercise")
    rows = rows.prefetch_related("flight__revisions", "flight__ownchecks")
    if not seat.is_instructor:
        rows = rows.filter(flight__host=seat.state)
    shown = [_day_row(row, request) for row in rows.order_by("flight__entry_at", "pk")]
    groups = (
        ("ahead", _("Ahead"), AHEAD, "plane-departure"),
        ("inside", _("In the airspace"), (MovementStatus.ACTIVE,), "plane-inflight"),
        ("flown", _("Flown, to be closed"), FLOWN, "plane-arrival"),
        ("ended", _("Ended"), ENDED, "circle-check"),
    )
    return {
        "groups": [
            {
                "code": code,
                "title": title,
                "icon": icon,
                "rows": [one for one in shown if one["row"].status in statuses],
            }
            for code, title, statuses, icon in groups
        ],
        "total": len(shown),
    }


def movements() -> QuerySet[Movement]:
    """Return movements with the form as authorized, in a fixed number of queries."""
    return Movement.objects.select_related(
        "authorization__flight", "authorization__revision__flight__exercise"
    ).prefetch_related("authorization__revision__crossings")


def _day_row(row: Movement, request: SeatedRequest) -> dict[str, Any]:
    status = row.status_for(request.seat)
    return {
        "row": row,
        "form": row.revision,
        "entry": row.revision.planned_entry,
        "exit": row.revision.planned_exit,
        "status": status,
        "tone": words.movement_tone(status),
        "due": dates.shown(row, at=request.at),
        "plan_check": _plan_check(row, request) if row.status in AHEAD else None,
    }
