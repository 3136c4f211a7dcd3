"""Random walks through the verbs: whatever people do and however time passes, the law holds."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from airspace import flight_plan, messages
from annual import actions as annual
from annual.models import AnnualClearance
from approvals import checks
from approvals.models import ANSWERS, Answer, Concurrence, Disposal, Mark, Question
from approvals.rounds import latest_round
from audit import acts, replay, restore, timeline, verification
from audit.models import Event
from audit.refusals import NotNow, NotYou
from audit.verbs import Verb
from casework import kinds
from casework.moves import Move, moves
from casework.work import count, open_work
from contacts import handling, receiving, world
from contacts.models import Contact, ContactKind, Inject
from control import actions
from exercises.models import Exercise, Help, Role, Seat
from neighbours.models import NeighbourRequest
from tests import playing
from transit import filing
from transit.models import (
    UNDECIDED,
    Acknowledgement,
    Authorization,
    Condition,
    FlightRequest,
    FlightStatus,
    Measure,
    Movement,
    Notification,
    Occurrence,
)

if TYPE_CHECKING:
    from types import ModuleType

    from hypothesis.strategies import DataObject

    from audit.verbs import Verb

pytestmark = [pytest.mark.django_db, pytest.mark.once]

START = datetime(2026, 9, 1, 6, tzinfo=UTC)

#: Where walks set out: an empty exercise, or a story just before one of its acts.
STAGES = [
    None,
    ("alpha", "register"),
    ("alpha", "concur"),
    ("alpha", "authorize"),
    ("alpha", "reply"),
    ("alpha", "check_plan"),
    ("alpha", "enter"),
    ("alpha", "exit"),
    ("alpha", "report"),
    ("bravo", "deal_with"),
    ("bravo", "authorize"),
    ("landing", "enter_answer"),
    ("returned", "revise"),
    ("late-change", "answer"),
    ("late-change", "release_supplement"),
    ("six-to-one", "classify"),
    ("mirror", "register"),
]

#: Stages on which officers check first or are examined, or the flight is urgent.
OTHERWISE: dict[Any, dict[str, Any]] = {
    ("mirror", "register"): {"help": Help.AFTER},
    ("bravo", "deal_with"): {"help": Help.OFF},
    ("alpha", "register"): {"priority": "HUM"},
}

#: Nine people for twenty-five seats: some hold two that are to be kept apart.
PEOPLE = [User(username=name) for name in "abcdefghi"]

SECOND = timedelta(seconds=1)

#: What may come next, as often as it stands here.
OCCASIONS = [
    *["do_what_is_owed"] * 8,
    *["do_anything_open"] * 3,
    *["do_what_is_rarely_open"] * 2,
    *["try_what_is_blocked"] * 2,
    *["let_time_pass"] * 2,
    "go_to_the_next_stop",
    "try_the_moves_of_others",
    "prepare",
    "go_on_with_the_register",
    "make_contact",
]

#: Moves that whoever owes a step does not take it by.
ASIDE = {"edit", "justify", "minute", "withdraw"}

#: Moves that a walk would hardly ever come upon.
RARELY_OPEN = (
    "justify",
    "pass_on",
    "hold",
    "mark",
    "own_check",
    "deal_with",
    "file_plan",
    "check_plan",
    "amend",
    "notify_change",
    "take_note",
    "classify",
    "send_message",
    "ask_neighbour",
    "tell_clearance",
    "ask_anew",
    "withdraw_asking",
    "question_asking",
    "answer_neighbour",
    "clear_crossing",
    "refuse_crossing",
    "suspend",
    "reinstate",
    "revoke",
    "instruct",
)

KINDS: dict[str, Any] = {
    "clearance": AnnualClearance,
    "contact": Contact,
    "inject": Inject,
    "concurrence": Concurrence,
    "question": Question,
    "mark": Mark,
    "movement": Movement,
    "notification": Notification,
    "neighbour": NeighbourRequest,
    "authorization": Authorization,
    "measure": Measure,
    "acknowledgement": Acknowledgement,
    "condition": Condition,
    "occurrence": Occurrence,
}


def faults(exercise: Exercise) -> list[str]:
    """Return what is wrong with the record, but for who acted: nobody ever sat down on a walk."""
    return [one for one in verification.faults(exercise) if " acted for " not in one]


class Walk(RuleBasedStateMachine):
    """One exercise, up to three flights in both directions, everybody's moves at random."""

    stage: tuple[str, str] | None

    @initialize()
    def set_out(self) -> None:
        if self.stage:
            self.exercise = playing.before(*self.stage, **OTHERWISE.get(self.stage, {}))
        else:
            self.exercise = actions.create("Walk", at=START)
        self.seats = {seat.key: seat for seat in self.exercise.seats.all()}
        for number, seat in enumerate(self.seats.values()):
            seat.exercise = self.exercise
            seat.holder = PEOPLE[number * 5 % len(PEOPLE)]
        self.serial = 0
        self.checked = 0
        self.last_at = START

    @rule(data=st.data(), what=st.sampled_from(OCCASIONS))
    def go_on(self, data: DataObject, what: str) -> None:
        getattr(self, what)(data)

    def prepare(self, data: DataObject) -> None:
        if FlightRequest.objects.filter(exercise=self.exercise).count() < 3:
            side = data.draw(st.sampled_from(["TR", "KZ"]))
            ahead = timedelta(hours=data.draw(st.integers(6, 300)))
            planner = self.seats[f"{side}-PLANNER"]
            details = playing.prepared(side, entry_at=self.now + ahead)
            details["form"]["priority"] = data.draw(st.sampled_from(["NONE", "HUM"]))
            self.do("prepare", self.exercise, planner, details)

    def go_on_with_the_register(self, data: DataObject) -> None:
        self.go_on_with(annual, data=data)

    def make_contact(self, data: DataObject) -> None:
        """Somebody calls, or a desk does something about it: no case shows it."""
        before = self.flights()
        self.go_on_with(receiving, handling, data=data)
        assert self.flights() == before

    def flights(self) -> list[dict[str, Any]]:
        return [row.columns() for row in FlightRequest.objects.filter(exercise=self.exercise)]

    def go_on_with(self, *rooms: ModuleType, data: DataObject) -> None:
        found = [
            (Move(verb, subject, None), seat)
            for verb in (door.row for door in acts.doors(*rooms).values())
            for subject in self.subjects_of(verb)
            for seat in self.seats.values()
            if verb.admits(subject, seat) and not verb.reason_against(subject, seat, self.now)
        ]
        move, seat = data.draw(st.sampled_from(found))
        self.make_one_of([move], seat, data)

    def subjects_of(self, verb: Verb) -> list[Any]:
        if verb.subject == "exercise":
            return [self.exercise]
        return [*KINDS[verb.subject]._default_manager.filter(exercise=self.exercise)]

    def do_what_is_owed(self, data: DataObject) -> None:
        at = self.now
        if tasks := open_work(self.exercise, at):
            task = data.draw(st.sampled_from(tasks))
            seat = self.seats[f"{task.state}-{task.role}"]
            found = moves(task.case, seat, at)
            self.make_one_of([move for move in found if move.verb.code not in ASIDE], seat, data)

    def do_anything_open(self, data: DataObject) -> None:
        self.do_one_of([door.row for door in kinds.doors().values() if door.row.roles], data)

    def do_what_is_rarely_open(self, data: DataObject) -> None:
        self.do_one_of([kinds.doors()[code].row for code in RARELY_OPEN], data)

    def do_one_of(self, verbs: list[Verb], data: DataObject) -> None:
        verb = data.draw(st.sampled_from(verbs))
        seats = [seat for seat in self.seats.values() if seat.role in verb.roles]
        seat = data.draw(st.sampled_from(seats))
        found = [move for move in self.moves_of(seat) if move.verb is verb]
        self.make_one_of(found, seat, data)

    def try_what_is_blocked(self, data: DataObject) -> None:
        seat = self.anyone(data)
        if blocked := [move for move in self.moves_of(seat) if not move.is_open]:
            move = data.draw(st.sampled_from(blocked))
            self.refused(NotNow, move.verb.code, move.subject, seat)

    def try_the_moves_of_others(self, data: DataObject) -> None:
        seat, door = self.anyone(data), data.draw(st.sampled_from([*kinds.doors().values()]))
        verb = door.row
        rows = KINDS.get(verb.subject, FlightRequest)._default_manager
        subject = rows.filter(exercise=self.exercise).first()
        if subject and verb.subject != "exercise":
            if not verb.admits(subject, seat):
                self.refused(NotYou, verb.code, subject, seat)
            if verb.roles:
                self.refused(NotYou, verb.code, subject, None)

    def let_time_pass(self, data: DataObject) -> None:
        span = timedelta(minutes=data.draw(st.integers(1, 2000)))
        number = data.draw(st.integers(1, 3))
        for nth in range(number, 0, -1):
            playing.conduct(self.exercise, "jump", to=self.now + span // nth // SECOND * SECOND)
            acts.let_time_pass(self.exercise)

    def go_to_the_next_stop(self, data: DataObject) -> None:
        if to := actions.next_stop(self.exercise, at=self.now):
            playing.conduct(self.exercise, "jump", to=to)
            acts.let_time_pass(self.exercise)

    @invariant()
    def the_rows_follow_from_the_events(self) -> None:
        assert faults(self.exercise) == []

    @invariant()
    def time_runs_forward_and_only_a_decider_authorizes_what_no_check_is_against(self) -> None:
        events = Event.objects.filter(exercise=self.exercise, seq__gt=self.checked)
        for event in events.in_order():
            assert event.at >= self.last_at
            self.checked, self.last_at = event.seq, event.at
            for ref, row in event.payload["rows"].items():
                if row and row.get("status") == FlightStatus.AUTHORIZED:
                    assert event.verb == "authorize"
                    assert event.seat.endswith(("-DECIDER", "-DEPUTY"))
                    flight = FlightRequest.objects.get(exercise=self.exercise, ref=ref)
                    assert checks.standing(flight, at=event.at) == []

    @invariant()
    def no_alarm_is_past_and_every_ladder_ends(self) -> None:
        at = self.now
        assert not timeline.is_due(self.exercise, until=at)
        for flight in FlightRequest.objects.filter(exercise=self.exercise):
            assert not (flight.closed_at and (flight.alarm_at or flight.duty))
            assert not (flight.closed_at and flight.movements.exclude(alarm_at=None).exists())
        for model in (
            *(FlightRequest, Movement, Concurrence, Question, Contact, NeighbourRequest),
            *(Measure, Acknowledgement, Condition),
        ):
            for row in model._default_manager.filter(exercise=self.exercise).exclude(duty=""):
                assert row.rung <= len(kinds.duties()[row.duty].ladder)

    @invariant()
    def the_database_counts_what_the_cases_say(self) -> None:
        at = self.now
        owed = Counter((task.state, task.role) for task in open_work(self.exercise, at))
        for seat in self.seats.values():
            mine = owed[seat.state, Role(seat.role)]
            assert count(self.exercise, at, seat=seat).number == mine
        assert count(self.exercise, at).number == owed.total()

    @invariant()
    def whoever_owes_a_step_can_take_it(self) -> None:
        at = self.now
        for task in open_work(self.exercise, at):
            seat = Seat(exercise=self.exercise, state=task.state, role=task.role)
            waits_for_release = isinstance(task.row, Question) and task.row.flight.draft
            assert waits_for_release or any(
                move.is_open and move.verb.code != "minute" for move in moves(task.case, seat, at)
            ), task

    def teardown(self) -> None:
        """Left alone, everything comes to its end, and no clock grants anything."""
        if not hasattr(self, "exercise"):
            return
        granted = self.numbers()
        playing.conduct(self.exercise, "jump", to=self.now + timedelta(days=60))
        acts.let_time_pass(self.exercise)

        self.no_alarm_is_past_and_every_ladder_ends()
        assert timeline.next_moment(self.exercise, after=self.now) is None
        assert self.numbers() == granted
        undecided = FlightRequest.objects.filter(exercise=self.exercise, status__in=UNDECIDED)
        assert [flight.entry_at for flight in undecided if flight.entry_at] == []
        ended = Exercise.objects.get(pk=self.exercise.pk)
        assert faults(ended) == []
        assert playing.changed_papers(ended) == []
        with restore.past(ended, until=ended.seq) as alias:
            then = Exercise.objects.using(alias).get()
            events = Event.objects.using(alias).filter(exercise=then).in_order()
            assert replay.differences(then, (event.payload for event in events)) == []

    @property
    def now(self) -> datetime:
        stored = Exercise.objects.get(pk=self.exercise.pk)
        return max(stored.sim_anchor, stored.last_at)

    def numbers(self) -> int:
        decided = FlightRequest.objects.filter(exercise=self.exercise, decided_at__isnull=False)
        return decided.count()

    def anyone(self, data: DataObject) -> Seat:
        return data.draw(st.sampled_from([*self.seats.values()]))

    def moves_of(self, seat: Seat) -> list[Move]:
        at = self.now
        flights = FlightRequest.objects.filter(exercise=self.exercise).order_by("pk")
        asked = NeighbourRequest.objects.filter(exercise=self.exercise).order_by("pk")
        return [move for case in (*flights, *asked) for move in moves(case, seat, at)]

    def make_one_of(self, found: list[Move], seat: Seat, data: DataObject) -> None:
        if can := [move for move in found if move.is_open]:
            move = data.draw(st.sampled_from(can))
            self.do(move.verb.code, move.subject, seat, self.details(move, seat, data))

    def do(self, code: str, subject: Any, seat: Seat, details: dict[str, Any]) -> None:
        """Make an open move: one event of the seat; a form with faults leaves none."""
        before = self.deeds()
        try:
            with acts.act(self.exercise, by=seat) as at:
                kinds.doors()[code](subject, by=seat, at=at, **details)
        except ValidationError:
            assert self.deeds() == before
        else:
            assert self.deeds() == before + 1

    def refused(self, refusal: type[Exception], code: str, subject: Any, seat: Seat | None) -> None:
        before = Event.objects.filter(exercise=self.exercise).count()
        with pytest.raises(refusal), acts.act(self.exercise, by=seat) as at:
            kinds.doors()[code](subject, by=seat, at=at)
        assert Event.objects.filter(exercise=self.exercise).count() == before

    def deeds(self) -> int:
        """Count what people did."""
        events = Event.objects.filter(exercise=self.exercise)
        return sum(1 for event in events if event.seat and not event.payload["conduct"])

    def details(self, move: Move, seat: Seat, data: DataObject) -> dict[str, Any]:
        """Return plausible details for a move, as an officer would give them."""
        row, at = move.subject, self.now
        self.serial += 1
        match move.verb.code:
            case "edit":
                form = playing.prepared(
                    row.requesting_state, entry_at=row.entry_at or at + timedelta(days=5)
                )
                form.pop("host")
                choices = [{}, {"remarks": "None."}, {"crew_count": 6}, {"call_sign": "HVK1"}]
                form["form"] |= data.draw(st.sampled_from(choices))
                return form
            case "suspend" | "reinstate" | "revoke" | "decline_condition":
                return {"reason": "As discussed."}
            case "fulfil":
                return {"fulfilment": "As the list says."}
            case "instruct":
                kind = data.draw(st.sampled_from(["TURN_BACK", "REROUTE", "LAND", "CONTINUE"]))
                told = {"ordered_by": "Deciding officer", "passed_by": "Aktobe ACC"}
                return told | {"kind": kind, "place": "URASA", "passed_at": at}
            case "decline_release" | "withdraw" | "report_not_flown" | "justify" | "hold":
                return {"reason": "The mission is put off."}
            case "withdraw_asking":
                return {"reason": "The way leads round it."}
            case "ask_neighbour":
                [first, *_] = move.asks(seat, at)
                state = data.draw(st.sampled_from([code for code, _label in first.choices]))
                return {"state": state, "note_number": f"W/{self.serial}"}
            case "ask_anew":
                return {"note_number": f"W/{self.serial}"}
            case "question_asking" | "answer_neighbour":
                return {"text": "About the load."}
            case "clear_crossing":
                return {
                    "conditions": [],
                    **{one.name: one.suggestion for one in move.asks(seat, at)[:3]},
                }
            case "set_temper":
                return {"temper": data.draw(st.sampled_from(["prompt", "slow", "silent"]))}
            case "tell_clearance":
                [first, *_] = move.asks(seat, at)
                return {
                    "state": data.draw(st.sampled_from([code for code, _label in first.choices])),
                    "clearance_number": f"EXGE26S{self.serial:04d}",
                    "valid_from": at,
                    "valid_until": at + timedelta(days=data.draw(st.integers(1, 9))),
                    "note_number": f"W/{self.serial}",
                }
            case "transmit" | "reply" | "reply_annual" | "notify":
                return {"note_number": f"W/{self.serial}"}
            case "send_back" | "send_back_annual":
                return {"missing": "The list of passengers."}
            case "request_annual" | "resubmit_annual":
                return {
                    "year": data.draw(st.sampled_from([2026, 2027])),
                    "categories": ["HUMANITARIAN"],
                    "note_number": f"W/{self.serial}",
                }
            case "advise_annual":
                answer = data.draw(st.sampled_from(["CONCUR", "NON_CONCUR"]))
                return {"answer": answer, "reason": "As discussed."}
            case "refuse_annual" | "suspend_annual" | "reinstate_annual" | "revoke_annual":
                return {"reason": "As discussed."}
            case "file_plan":
                filed = filing.proposed(row.authorization)
                changes = [("", ""), ("REG/99", "REG/98"), ("STS/", "STS/FFR "), ("(FPL", "FPL")]
                return {"message": filed.replace(*data.draw(st.sampled_from(changes)))}
            case "check_plan":
                return {"remarks": data.draw(st.sampled_from(["", "Cleared up by telephone."]))}
            case "notify_change":
                change = st.sampled_from([("captain", "Another"), ("registration", "99-0102")])
                item, value = data.draw(change)
                return {"item": item, "value": value, "note_number": f"W/{self.serial}"}
            case "send_message":
                plan = flight_plan.read(row.plan)
                ways = [messages.delay(plan, "1000"), messages.cancellation(plan)]
                return {"message": messages.write(data.draw(st.sampled_from(ways)))}
            case "take_message":
                plan = flight_plan.read(row.plan)
                return {"message": messages.write(messages.departed(plan, "0512"))}
            case "classify":
                return {"takes": data.draw(st.sampled_from(["AMENDMENT", "NEW_REQUEST"]))}
            case "own_check":
                return {"states": ["TR", "GE", "AZ", "KZ"]}
            case "mark":
                asks = move.asks(seat, at)
                offered = {one.name: [code for code, _label in one.choices] for one in asks}
                return {
                    "fact": data.draw(st.sampled_from(offered["fact"])),
                    "code": data.draw(st.sampled_from(offered["code"])),
                    "confidence": data.draw(st.sampled_from(offered["confidence"])),
                }
            case "deal_with":
                found = [item.key for item in checks.standing(row, at=at)]
                disposal = st.sampled_from([Disposal.ACCEPTED] * 4 + [*Disposal])
                return {
                    "findings": sorted(data.draw(st.sets(st.sampled_from(found))) if found else ()),
                    "disposal": data.draw(disposal),
                    "reason": "As the letter says.",
                }
            case "enter":
                last = row.authorization.valid_until - timedelta(seconds=1)
                return {"entered_at": min(at, last), "point": "BALUN"}
            case "deny_entry":
                return {"denied_at": at, "point": "BALUN", "reason": "No number."}
            case "accept_emergency":
                return {"since_at": at, "nature": "Engine 2.", "told": ["The ministry."]}
            case "divert":
                to = data.draw(st.sampled_from(["UATE", "UBBB"]))
                return {"diverted_at": at, "aerodrome": to, "told": ["The ministry."]}
            case "deviate":
                return {"state": "UZ", "nature": "Weather.", "told": ["Uzbekistan."]}
            case "report_load":
                return {"load": "Detonators.", "source": "The ministry."}
            case "cancel_alert":
                return {"reason": "Heard.", "expected_at": at + timedelta(hours=1)}
            case "regularise":
                return {"text": "Engine 2."}
            case "take_off":
                return {"took_off_at": at}
            case "stay":
                return {"reason": "Repair."}
            case "exit":
                return {"exited_at": at, "point": "URASA"}
            case "land":
                return {"landed_at": at}
            case "report":
                return {"text": "Flown.", "persons_on_board": 11}
            case "close":
                return {"findings": data.draw(st.sampled_from(["", "Left by another point."]))}
            case "concur" | "enter_answer":
                answer = data.draw(st.sampled_from([Answer.CONCUR, *ANSWERS]))
                conditions = ["By day."] if answer == Answer.CONCUR_WITH_CONDITIONS else []
                details = {"answer": answer, "conditions": conditions, "reason": "As discussed."}
                paper = {"paper": "Letter 17"} if move.verb.code == "enter_answer" else {}
                return details | paper
            case "call_in":
                return {"desk": data.draw(st.sampled_from(["LEGAL", "CUSTOMS"]))}
            case "ask":
                found = [item.key for item in checks.items(row, at=at)][:1]
                return {"text": "About the load.", "findings": found}
            case "take_down":
                kind = data.draw(st.sampled_from(ContactKind.values))
                return {"kind": kind, "source": "A caller", "text": "Hurry.", "about": "TR-KZ-0001"}
            case "bring_in" | "schedule_contact":
                entry = data.draw(st.sampled_from([*world.load().entries]))
                to = data.draw(st.sampled_from(["KZ-SECURITY", "TR-ATTACHE", "TR-REGISTRY"]))
                said = {"receiver": to, "entry": entry, "about": "TR-KZ-0001"}
                later = timedelta(hours=data.draw(st.integers(-1, 50)))
                return said if move.verb.code == "bring_in" else said | {"arrives_at": at + later}
            case "answer_contact":
                line = data.draw(st.sampled_from(["NOTED", "ENTER", "OWN"]))
                return {"line": line, "words": data.draw(st.sampled_from(["", "No."]))}
            case "answer" | "supplement" | "minute":
                return {"text": "About the load."}
            case "new_round":
                lead = row.agreement.lead_desk.code
                asked = {one.desk for one in latest_round(row) if not one.is_pending} - {lead}
                desks = data.draw(st.sets(st.sampled_from(sorted(asked)))) if asked else set()
                return {"desks": sorted(desks), "reason": "The load has changed."}
            case "authorize":
                library = data.draw(st.sampled_from([[], ["LOAD_LIST"], ["ACTUAL_TIMES"]]))
                return {
                    "library": library,
                    "conditions": ["By day."],
                    "override_ground": "The minister agrees.",
                }
            case "refuse":
                return {"ground": "ROUTE", "reasons": "The corridor is closed."}
            case _:
                return {}


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: "-".join(stage or ["empty"]))
def test_the_law_holds_on_every_walk(stage: tuple[str, str] | None) -> None:
    run_state_machine_as_test(
        type("Walk", (Walk,), {"stage": stage}),
        settings=settings(
            max_examples=2,
            stateful_step_count=15,
            derandomize=True,
            database=None,
        ),
    )
