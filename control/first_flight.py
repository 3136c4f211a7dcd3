"""The guided first flight: a half-filled request, and one person at the requesting side's desks.

What the person finds out stands in the papers of the task; one item of the draft contradicts the
route. The lead desk of the host asks about what others accept, for one state has not answered yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from books import agreements
from control import actions, practice
from exercises.models import Exercise, Help, Role, Seat
from roleplay.profiles import CAREFUL, INQUIRING
from scenarios import conduct
from scenarios.dossier import PARTIES
from scenarios.models import Purpose
from transit import preparation

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.utils.functional import _StrPromise

    from control.openings import Opener
    from transit.drafting import Items

FROM, TO = PARTIES

#: The person sits at both: the planner writes forms, the attaché sends and answers notes.
PLANNER, ATTACHE = f"{FROM}-{Role.PLANNER}", f"{FROM}-{Role.ATTACHE}"

#: Asks whether the state that has not answered has.
ASKS = f"{TO}-{Role.DEFENCE}"

START = datetime(2026, 9, 1, 6, tzinfo=UTC)

#: What the role-players leave to chance is the same at every first flight.
SEED = 10

#: The draft as a colleague left it: items of the papers are missing, and there are no crossings.
#: The aerodrome of departure is that of an earlier flight; the route begins at another.
FORM: Items = {
    "call_sign": "HVK4821",
    "aircraft_type": "A400",
    "registration": "99-0101",
    "spare_registration": "99-0102",
    "operator": "Turkish Air Force",
    "category": "HUMANITARIAN",
    "purpose": "Relief goods after the flood, for the disaster authority in Dushanbe.",
    "legal_basis": "TRANSIT",
    "priority": "NONE",
    "departure": "LTAC",
    "destination": "UTDD",
    "departs_at": datetime(2026, 9, 16, 5, tzinfo=UTC),
    "arrives_at": datetime(2026, 9, 16, 9, 45, tzinfo=UTC),
    "cruise_level": "F250",
    "cruise_knots": 390,
    "route": "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE URASA UZSS UTDD",
    "crew_count": 5,
    "passenger_count": 6,
    "passengers": "Six members of the relief team.",
    "cargo": "Tents, blankets and water filters.",
    "dangerous_goods": "NONE",
    "has_personal_weapons": False,
    "has_sensors": False,
    "has_armament": False,
    "has_electronic_warfare": False,
    "contact_name": "Yüzbaşı Ece Deneme",
    "contact_email": "ops@exercise.example",
}

#: The rule that finds the mistake.
MISTAKE = "ROUTE_ENDS"

#: The finding that the host asks about, and the state that it is about.
ASKED, PENDING = "THIRD_STATE_PENDING", "UZ"

#: The states on the way that have granted, each with its number.
GRANTED = {"GE": "EXGE26S0206", "AZ": "EXAZ26S0206", "TJ": "EXTJ26S0206"}

#: What the state that was awaited grants in the end.
NUMBER_OF_PENDING = "EXUZ26S0206"


@dataclass(frozen=True)
class Paper:
    """One line of the papers: what it is about, and what it says."""

    about: _StrPromise
    says: _StrPromise


PAPERS = (
    Paper(
        _("Task"),
        _(
            "Relief goods from Kayseri (LTAU) to Dushanbe (UTDD) on 16 Sep 2026, off blocks at "
            "05:00Z. The aircraft stands at Kayseri."
        ),
    ),
    Paper(_("Captain"), _("Binbaşı Deniz Örnek")),
    Paper(_("Load"), _("18 000 kg of tents, blankets and water filters; no dangerous goods.")),
    Paper(_("Contact, day and night"), _("+90 312 000 0000")),
    Paper(_("Next note number"), _("2026/0117")),
    Paper(
        _("Clearances on the way"),
        _(
            "Georgia granted EXGE26S0206, Azerbaijan EXAZ26S0206, Tajikistan EXTJ26S0206. "
            "Uzbekistan: requested, no answer yet."
        ),
    ),
)

#: What comes while the host examines.
NEWS = Paper(
    _("From the embassy in Tashkent"),
    _("Uzbekistan has granted the overflight, number EXUZ26S0206."),
)


def open_flight(person: User, opener: Opener | None = None) -> tuple[Exercise, Seat]:
    """Open an exercise in which `person` is planner and attaché; return it and the planner's seat.

    Everybody else is a role-player. A colleague began the request; time runs step by step. The
    instructor's seat is nobody's.
    """
    mine = (PLANNER, ATTACHE)
    cast = {key: CAREFUL for key in actions.seat_keys(PARTIES) if key not in mine}

    def settle(exercise: Exercise, at: datetime) -> None:
        control = exercise.seats.get(role=Role.INSTRUCTOR)
        control.taken_by = person
        planner = exercise.seats.get(state=FROM, role=Role.PLANNER)
        planner.is_played = True  # a colleague, before the person came
        preparation.prepare(exercise, by=planner, at=at, host=TO, form=FORM)
        planner.is_played = False
        attache = exercise.seats.get(state=FROM, role=Role.ATTACHE)
        for seat in (planner, attache):
            actions.sit(seat, by=control, at=at, holder=person.get_username())
        conduct.begin(exercise, by=control, at=at, purpose=Purpose.FIRST_FLIGHT, seat=PLANNER)
        actions.step(exercise, by=control, at=at)

    exercise = actions.create(
        str(Purpose.FIRST_FLIGHT.label),
        at=START,
        agreement=agreements.SHIPPED,
        help_shown=Help.OPEN,
        solo=True,
        cast=cast | {ASKS: INQUIRING},
        seed=SEED,
        opener=opener,
        then=settle,
    )
    practice.make_room(person)
    return exercise, exercise.seats.get(state=FROM, role=Role.PLANNER)
