"""The rows of a flight as plain Django models, with the columns that Overflight has for them.

How a change is kept is the peer's: `PEER` says which of them these models are registered with.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django_fsm import FSMField, transition

from bench.peers.settings import PEER

if PEER == "auditlog":
    from auditlog.registry import auditlog
elif PEER == "simple_history":
    import simple_history

#: Viewflow moves the process; the status is a column that its views set.
IS_GUARDED = PEER != "viewflow"

MOMENT: dict[str, Any] = {"null": True, "blank": True}
WORDS: dict[str, Any] = {"blank": True, "default": ""}
OF: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "%(class)ss"}
USER: dict[str, Any] = {"null": True, "on_delete": models.PROTECT, "related_name": "+"}


class Row(models.Model):
    ref = models.CharField(max_length=80)

    class Meta:
        abstract = True


class Owed(Row):
    duty = models.CharField(max_length=16, **WORDS)
    owed_since = models.DateTimeField(**MOMENT)
    opens_at = models.DateTimeField(**MOMENT)
    due_at = models.DateTimeField(**MOMENT)
    alarm_at = models.DateTimeField(db_index=True, **MOMENT)
    rung = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True


class Flight(Owed):
    number = models.PositiveIntegerField(default=1)
    requesting_state = models.CharField(max_length=2)
    host = models.CharField(max_length=2)
    version = models.PositiveIntegerField(default=1)
    entry_at = models.DateTimeField(**MOMENT)
    received_at = models.DateTimeField(**MOMENT)
    registered_at = models.DateTimeField(**MOMENT)
    registered_hand = models.CharField(max_length=150, **WORDS)
    decided_at = models.DateTimeField(**MOMENT)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, **USER)
    ground = models.CharField(max_length=16, **WORDS)
    ground_text = models.TextField(**WORDS)
    replied_at = models.DateTimeField(**MOMENT)
    withdrawn_at = models.DateTimeField(**MOMENT)
    closed_at = models.DateTimeField(**MOMENT)
    status = FSMField(default="DRAFT", protected=IS_GUARDED)

    @transition(status, source="DRAFT", target="RELEASE_REVIEW")
    def request_release(self) -> None:
        self.version += 1

    @transition(status, source="RELEASE_REVIEW", target="READY_TO_TRANSMIT")
    def release(self) -> None:
        self.version += 1

    @transition(status, source="READY_TO_TRANSMIT", target="SUBMITTED")
    def transmit(self) -> None:
        self.version += 1

    @transition(status, source="SUBMITTED", target="UNDER_REVIEW")
    def register(self) -> None:
        self.version += 1

    @transition(status, source="UNDER_REVIEW", target="DECISION_PENDING")
    def concur(self) -> None:
        self.version += 1

    @transition(status, source="DECISION_PENDING", target="AUTHORIZED")
    def authorize(self) -> None:
        self.version += 1


class Revision(Row):
    flight = models.ForeignKey(Flight, **OF)
    number = models.PositiveSmallIntegerField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, **USER)
    prepared_hand = models.CharField(max_length=150, **WORDS)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, **USER)
    released_hand = models.CharField(max_length=150, **WORDS)
    enclosed_at = models.DateTimeField(**MOMENT)
    departs_at = models.DateTimeField(**MOMENT)
    arrives_at = models.DateTimeField(**MOMENT)


#: The items of the form, by kind of column.
TEXTS = """
    call_sign spare_call_sign aircraft_type registration spare_registration operator used_as escort
    category purpose legal_basis priority annual_number short_notice_reason departure destination
    alternates flight_rules cruise_level route activity leaves_behind captain passengers principals
    cargo dangerous_goods dangerous_goods_list personal_weapons equipment contact_name contact_phone
    contact_email remarks
"""
NUMBERS = "aircraft_count cruise_knots crew_count passenger_count cargo_kg"
FLAGS = """
    has_personal_weapons has_ammunition has_sensors has_armament has_electronic_warfare
    undertakes_route undertakes_sensors undertakes_changes undertakes_report
"""
for name in TEXTS.split():
    Revision.add_to_class(name, models.CharField(max_length=1000, **WORDS))
for name in NUMBERS.split():
    Revision.add_to_class(name, models.PositiveIntegerField(null=True, blank=True))
for name in FLAGS.split():
    Revision.add_to_class(name, models.BooleanField(null=True, blank=True))


class Crossing(Row):
    flight = models.ForeignKey(Flight, **OF)
    revision = models.ForeignKey(Revision, **OF)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=2)
    action = models.CharField(max_length=8, default="OVERFLY")
    entry_point = models.CharField(max_length=11, **WORDS)
    entry_at = models.DateTimeField(**MOMENT)
    exit_point = models.CharField(max_length=11, **WORDS)
    exit_at = models.DateTimeField(**MOMENT)
    ground_minutes = models.PositiveIntegerField(null=True, blank=True)
    clearance = models.CharField(max_length=9, **WORDS)
    clearance_number = models.CharField(max_length=20, **WORDS)


class Note(Row):
    flight = models.ForeignKey(Flight, **OF)
    case = models.CharField(max_length=24)
    kind = models.CharField(max_length=13)
    number = models.CharField(max_length=30)
    sent_at = models.DateTimeField()
    from_state = models.CharField(max_length=2)
    to_state = models.CharField(max_length=2)
    in_reply_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    enclosure = models.CharField(max_length=80, **WORDS)
    text = models.TextField(**WORDS)


class Concurrence(Owed):
    flight = models.ForeignKey(Flight, **OF)
    revision = models.ForeignKey(Revision, null=True, **OF)
    desk = models.CharField(max_length=16)
    round = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=10, default="PENDING")
    conditions = models.JSONField(default=list)
    reason = models.TextField(**WORDS)
    paper = models.CharField(max_length=120, **WORDS)
    answered_at = models.DateTimeField(**MOMENT)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, **USER)
    answered_hand = models.CharField(max_length=150, **WORDS)


class Authorization(Row):
    flight = models.ForeignKey(Flight, **OF)
    revision = models.ForeignKey(Revision, **OF)
    number = models.CharField(max_length=16)
    version = models.PositiveSmallIntegerField(default=1)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    conditions = models.JSONField(default=list)
    override_ground = models.TextField(**WORDS)


class Movement(Owed):
    flight = models.ForeignKey(Flight, **OF)
    authorization = models.ForeignKey(Authorization, **OF)
    number = models.PositiveSmallIntegerField()
    filed_call_sign = models.CharField(max_length=7, **WORDS)
    filed_registration = models.CharField(max_length=12, **WORDS)
    plan = models.TextField(**WORDS)
    plan_filed_at = models.DateTimeField(**MOMENT)
    plan_codes = models.JSONField(default=list)
    plan_remarks = models.TextField(**WORDS)
    checked_at = models.DateTimeField(**MOMENT)
    entered_at = models.DateTimeField(**MOMENT)
    entry_point = models.CharField(max_length=11, **WORDS)
    exited_at = models.DateTimeField(**MOMENT)
    exit_point = models.CharField(max_length=11, **WORDS)
    landed_at = models.DateTimeField(**MOMENT)
    overdue_at = models.DateTimeField(**MOMENT)
    reported_at = models.DateTimeField(**MOMENT)
    report = models.TextField(**WORDS)
    persons_on_board = models.PositiveIntegerField(null=True, blank=True)
    findings = models.JSONField(default=list)
    closed_at = models.DateTimeField(**MOMENT)
    status = FSMField(default="EXPECTED", protected=IS_GUARDED)

    @transition(status, source="EXPECTED", target="CHECKED")
    def check_plan(self) -> None:
        pass

    @transition(status, source="CHECKED", target="ACTIVE")
    def enter(self) -> None:
        pass

    @transition(status, source="ACTIVE", target="EXITED")
    def exit(self) -> None:
        pass

    @transition(status, source="EXITED", target="CLOSED")
    def close(self) -> None:
        pass


ROWS = {
    "flight": Flight,
    "revision": Revision,
    "crossing": Crossing,
    "note": Note,
    "concurrence": Concurrence,
    "authorization": Authorization,
    "movement": Movement,
}

if PEER == "auditlog":
    for model in ROWS.values():
        auditlog.register(model)
elif PEER == "simple_history":
    for model in ROWS.values():
        simple_history.register(model)
