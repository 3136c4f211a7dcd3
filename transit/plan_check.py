"""The filed flight plan beside the authorization: where they differ.

What counts as a difference, and how grave it is, is a training default. Pure: no database, no
reading of a clock. Points where more than one reading is possible:

* Tail numbers are compared by their letters and digits. Each tail of REG/ is looked at.
* Where the authorized number is quoted, other numbers of the host (such as an annual one) beside
  it are no finding. The number may stand anywhere in Item 18.
* Entry into the host FIR is the off-block time plus EET/ of that FIR; for a flight that starts
  inside the host state and gives none, the off-block time. Without EET/ it lies somewhere in the
  flight, and is outside the validity only if the whole flight is.
* An alternate that the reference data do not hold is of the state whose aerodromes have the most
  alike location indicators.
* A point that the route passes twice is in order if some entry comes before some exit.
* What a hyphen has broken off Item 18 is not looked at.

Longer than most modules: one comparison for each discrepancy of the list.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from airspace import flight_plan, reference
from airspace.flight_plan import FlightPlan
from transit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.utils.functional import _StrPromise

#: STS/ values that claim a status which the authorization must support.
CLAIMS = frozenset({"STATE", "HUM", "HAZMAT", "HEAD", "MEDEVAC", "SAR", "HOSP", "FFR"})

#: What a military transport is fitted with, unless told otherwise (training default).
EQUIPMENT, SURVEILLANCE = "SDFGHIRWXY", "LB1"


@dataclass(frozen=True)
class Kind:
    """A kind of discrepancy.

    `facts` are where it shows, the first one foremost: items of the flight plan ("7"), or what
    stands after one indicator of items 18 and 19 ("18/REG", "19/P").
    """

    severity: Severity
    facts: tuple[str, ...]
    meaning: _StrPromise

    @property
    def item(self) -> int:
        """The item of the flight plan where it is seen."""
        return int(self.facts[0].partition("/")[0])


DISCREPANCIES = {
    "CALLSIGN_MISMATCH": Kind(
        Severity.BLOCK,
        ("7",),
        _("Item 7 differs from the authorized call sign and from the authorized spare call sign"),
    ),
    "FLIGHT_RULES_MISMATCH": Kind(
        Severity.QUERY, ("8",), _("Item 8 flight rules differ from the authorization")
    ),
    "FLIGHT_TYPE_MISMATCH": Kind(Severity.QUERY, ("8",), _("Item 8 type of flight is not M")),
    "FORMATION_NUMBER_MISMATCH": Kind(
        Severity.BLOCK,
        ("9",),
        _("Item 9 number of aircraft differs from the authorization (no number means 1)"),
    ),
    "TYPE_MISMATCH": Kind(
        Severity.BLOCK, ("9",), _("Item 9 type designator differs from the authorization")
    ),
    "WAKE_MISMATCH": Kind(
        Severity.QUERY,
        ("9",),
        _("Item 9 wake turbulence category is not the one of the authorized type"),
    ),
    "ADEP_MISMATCH": Kind(
        Severity.BLOCK, ("13",), _("Item 13 aerodrome differs from the authorization")
    ),
    "ADES_MISMATCH": Kind(
        Severity.BLOCK, ("16",), _("Item 16 destination differs from the authorization")
    ),
    "ADES_NOT_AN_AERODROME": Kind(
        Severity.BLOCK,
        ("16",),
        _("Item 16 destination is the code of an FIR, not of an aerodrome"),
    ),
    "ALTERNATE_NOT_CLEARED": Kind(
        Severity.QUERY,
        ("16",),
        _(
            "Item 16 alternate in the host state is neither cleared nor listed as "
            "emergency alternate"
        ),
    ),
    "DOF_MISSING": Kind(Severity.QUERY, ("18/DOF",), _("Item 18 has no DOF/")),
    "DOF_MISMATCH": Kind(
        Severity.QUERY, ("18/DOF",), _("DOF/ differs from the authorized date of flight")
    ),
    "OUTSIDE_VALIDITY": Kind(
        Severity.BLOCK,
        ("18/EET", "18/DOF", "13", "16"),
        _(
            "Entry into the host FIR (off-block time plus EET/ of the first host FIR) is before "
            "valid_from or after valid_to"
        ),
    ),
    "REG_MISSING": Kind(Severity.QUERY, ("18/REG",), _("Item 18 has no REG/")),
    "REG_MISMATCH": Kind(
        Severity.BLOCK, ("18/REG",), _("REG/ is neither the authorized tail nor a listed spare")
    ),
    "SPARE_TAIL_USED": Kind(
        Severity.NOTIFY, ("18/REG",), _("REG/ is a listed spare: accepted, to be noted")
    ),
    "DCN_MISSING": Kind(
        Severity.BLOCK, ("18",), _("No clearance number of the host state in Item 18")
    ),
    "DCN_MISMATCH": Kind(
        Severity.BLOCK,
        ("18",),
        _("A clearance number of the host state is quoted, but not the authorized one"),
    ),
    "ITEM18_ILLEGAL_CHARACTER": Kind(
        Severity.QUERY,
        ("18",),
        _("A hyphen inside Item 18 starts a new field and breaks the message"),
    ),
    "ENTRY_POINT_MISSING": Kind(
        Severity.BLOCK, ("15",), _("The cleared entry point is not in Item 15")
    ),
    "EXIT_POINT_MISSING": Kind(
        Severity.BLOCK, ("15",), _("The cleared exit point is not in Item 15")
    ),
    "POINT_ORDER": Kind(
        Severity.BLOCK,
        ("15",),
        _("Cleared entry and exit points are in Item 15, but in the wrong order"),
    ),
    "STS_MISSING": Kind(Severity.QUERY, ("18/STS",), _("A required STS/ value is missing")),
    "STS_NOT_AUTHORIZED": Kind(
        Severity.QUERY,
        ("18/STS",),
        _("STS/ claims a status that the authorization does not support"),
    ),
    "POB_EXCEEDED": Kind(
        Severity.BLOCK,
        ("19/P",),
        _("Item 19 persons on board are more than crew plus passengers authorized"),
    ),
}


@dataclass(frozen=True)
class Discrepancy:
    """One difference: what was filed, what was authorized; empty where there is nothing."""

    code: str
    filed: str
    authorized: str

    @property
    def severity(self) -> Severity:
        return DISCREPANCIES[self.code].severity

    @property
    def facts(self) -> tuple[str, ...]:
        return DISCREPANCIES[self.code].facts

    @property
    def item(self) -> int:
        return DISCREPANCIES[self.code].item

    @property
    def meaning(self) -> str:
        return str(DISCREPANCIES[self.code].meaning)


@dataclass(frozen=True)
class Cleared:
    """What an authorization lets fly.

    `entry_point` and `exit_point` are those of the host state, None where the flight starts or
    ends inside it. `valid_from_utc` and `valid_to_utc` bound the entry into `first_host_fir`,
    both inclusive. `type` is the type designator; `persons_on_board_max` crew plus passengers.
    """

    host: str
    number: str
    call_sign: str
    spare_call_sign: str | None
    flight_rules: str
    flight_type: str
    number_of_aircraft: int
    type: str
    wake: str
    registration: str
    spare_registrations: tuple[str, ...]
    adep: str
    ades: str
    cleared_alternates: tuple[str, ...]
    date_of_flight: date
    entry_point: str | None
    exit_point: str | None
    first_host_fir: str | None
    valid_from_utc: datetime
    valid_to_utc: datetime
    required_sts: tuple[str, ...]
    persons_on_board_max: int

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Cleared:
        """Return an authorization given as data; `ValueError`, in a sentence, if it is none.

        Keys that an authorization does not have, such as an identifier, are passed over.
        """
        if missing := [name for name in cls.__dataclass_fields__ if name not in data]:
            raise ValueError(f"The authorization lacks: {', '.join(missing)}.")
        cleared = cls(
            host=_word(data, "host", r"[A-Z]{2}", "a country code of two letters"),
            number=_word(data, "number", r"[A-Z0-9]+", "a clearance number"),
            call_sign=_word(data, "call_sign", *_CALL_SIGN),
            spare_call_sign=_word_or_none(data, "spare_call_sign", *_CALL_SIGN),
            flight_rules=_word(data, "flight_rules", r"[IVYZ]", "I, V, Y or Z"),
            flight_type=_word(data, "flight_type", r"[SNGMX]", "S, N, G, M or X"),
            number_of_aircraft=_number(data, "number_of_aircraft", least=1),
            type=_word(data, "type", r"[A-Z][A-Z0-9]{1,3}", "a type designator"),
            wake=_word(data, "wake", r"[LMHJ]", "L, M, H or J"),
            registration=_word(data, "registration", *_TAIL),
            spare_registrations=_words(data, "spare_registrations", *_TAIL),
            adep=_word(data, "adep", *_LOCATION),
            ades=_word(data, "ades", *_LOCATION),
            cleared_alternates=_words(data, "cleared_alternates", *_LOCATION),
            date_of_flight=_day(data, "date_of_flight"),
            entry_point=_word_or_none(data, "entry_point", *_POINT),
            exit_point=_word_or_none(data, "exit_point", *_POINT),
            first_host_fir=_word_or_none(data, "first_host_fir", *_LOCATION),
            valid_from_utc=_instant(data, "valid_from_utc"),
            valid_to_utc=_instant(data, "valid_to_utc"),
            required_sts=_words(data, "required_sts", *_STATUS),
            persons_on_board_max=_number(data, "persons_on_board_max", least=0),
        )
        if cleared.valid_to_utc < cleared.valid_from_utc:
            raise ValueError("“valid_to_utc” lies before “valid_from_utc”.")
        return cleared

    @property
    def tails(self) -> tuple[str, ...]:
        """The tails that may fly as they stand in a message, the spares last."""
        return tuple(map(flight_plan.bare, (self.registration, *self.spare_registrations)))


def compare(plan: FlightPlan, cleared: Cleared) -> list[Discrepancy]:
    """Return where a plan differs from its authorization, by code; each code once."""
    found = (
        *_flight(plan, cleared),
        *_aerodromes(plan, cleared),
        *_points(plan, cleared),
        *_times(plan, cleared),
        *_tail(plan, cleared),
        *_clearance_number(plan, cleared),
        *_statuses(plan, cleared),
    )
    return sorted(found, key=lambda discrepancy: discrepancy.code)


def plan_for(
    cleared: Cleared,
    *,
    route: Iterable[str],
    speed: str,
    level: str,
    eobt: str,
    total_eet: str,
    eets: Mapping[str, str],
    alternates: Iterable[str] | None = None,
    other_numbers: Mapping[str, str] | None = None,
    operator: str = "",
    remarks: str = "EXERCISE",
    persons_on_board: int | None = None,
    equipment: str = EQUIPMENT,
    surveillance: str = SURVEILLANCE,
) -> FlightPlan:
    """Return the flight plan that an authorization calls for. Raises `PlanError` if it cannot be.

    `eobt` is UTC; `total_eet` and the times of `eets`, by FIR, are hours and minutes (`0448`).
    `alternates` are the cleared ones, two at the most, if not given. `other_numbers` are the
    clearance numbers of the other states by country code.
    """
    numbers = {cleared.host: cleared.number, **(other_numbers or {})}
    quoted = " ".join(f"{state} {flight_plan.bare(number)}" for state, number in numbers.items())
    texts = {
        "STS": " ".join(sorted(cleared.required_sts)),
        "DOF": f"{cleared.date_of_flight:%y%m%d}",
        "REG": flight_plan.bare(cleared.registration),
        "EET": " ".join(f"{fir}{elapsed}" for fir, elapsed in eets.items()),
        "OPR": flight_plan.telegraphic(operator),
        "RMK": f"{flight_plan.telegraphic(remarks)} DIPCLR {quoted}".strip(),
    }
    return FlightPlan(
        call_sign=cleared.call_sign,
        flight_rules=cleared.flight_rules,
        flight_type="M",
        number_of_aircraft=cleared.number_of_aircraft,
        aircraft_type=cleared.type,
        wake=cleared.wake,
        equipment=equipment,
        surveillance=surveillance,
        departure=cleared.adep,
        eobt=eobt,
        speed=speed,
        level=level,
        route=tuple(route),
        destination=cleared.ades,
        total_eet=total_eet,
        alternates=tuple(cleared.cleared_alternates[:2] if alternates is None else alternates),
        other={indicator: text for indicator, text in texts.items() if text},
        supplementary={} if persons_on_board is None else {"P": f"{persons_on_board:03}"},
    )


def _flight(plan: FlightPlan, cleared: Cleared) -> Iterator[Discrepancy]:
    call_signs = [sign for sign in (cleared.call_sign, cleared.spare_call_sign) if sign]
    if plan.call_sign not in call_signs:
        yield Discrepancy("CALLSIGN_MISMATCH", plan.call_sign, " ".join(call_signs))
    if plan.flight_rules != cleared.flight_rules:
        yield Discrepancy("FLIGHT_RULES_MISMATCH", plan.flight_rules, cleared.flight_rules)
    if plan.flight_type != "M":
        yield Discrepancy("FLIGHT_TYPE_MISMATCH", plan.flight_type, "M")
    if plan.number_of_aircraft != cleared.number_of_aircraft:
        yield Discrepancy(
            "FORMATION_NUMBER_MISMATCH",
            str(plan.number_of_aircraft),
            str(cleared.number_of_aircraft),
        )
    if plan.aircraft_type != cleared.type:
        yield Discrepancy("TYPE_MISMATCH", plan.aircraft_type, cleared.type)
    if plan.wake != cleared.wake:
        yield Discrepancy("WAKE_MISMATCH", plan.wake, cleared.wake)
    aboard = plan.persons_on_board
    if aboard is not None and aboard > cleared.persons_on_board_max:
        yield Discrepancy("POB_EXCEEDED", str(aboard), str(cleared.persons_on_board_max))


def _aerodromes(plan: FlightPlan, cleared: Cleared) -> Iterator[Discrepancy]:
    if plan.departure != cleared.adep:
        yield Discrepancy("ADEP_MISMATCH", plan.departure, cleared.adep)
    if plan.destination != cleared.ades:
        yield Discrepancy("ADES_MISMATCH", plan.destination, cleared.ades)
    if _is_only_an_fir(plan.destination):
        yield Discrepancy("ADES_NOT_AN_AERODROME", plan.destination, cleared.ades)
    uncleared = [
        alternate
        for alternate in plan.alternates
        if alternate not in cleared.cleared_alternates and _state_of(alternate) == cleared.host
    ]
    if uncleared:
        yield Discrepancy(
            "ALTERNATE_NOT_CLEARED", " ".join(uncleared), " ".join(cleared.cleared_alternates)
        )


def _points(plan: FlightPlan, cleared: Cleared) -> Iterator[Discrepancy]:
    entries = [at for at, point in enumerate(plan.points) if point == cleared.entry_point]
    exits = [at for at, point in enumerate(plan.points) if point == cleared.exit_point]
    route = " ".join(plan.route)
    if cleared.entry_point and not entries:
        yield Discrepancy("ENTRY_POINT_MISSING", route, cleared.entry_point)
    if cleared.exit_point and not exits:
        yield Discrepancy("EXIT_POINT_MISSING", route, cleared.exit_point)
    if entries and exits and entries[0] > exits[-1]:
        yield Discrepancy("POINT_ORDER", route, f"{cleared.entry_point} {cleared.exit_point}")


def _times(plan: FlightPlan, cleared: Cleared) -> Iterator[Discrepancy]:
    filed = plan.other.get("DOF")
    if filed is None:
        yield Discrepancy("DOF_MISSING", "", f"{cleared.date_of_flight:%y%m%d}")
    elif plan.date_of_flight != cleared.date_of_flight:
        yield Discrepancy("DOF_MISMATCH", filed, f"{cleared.date_of_flight:%y%m%d}")
    earliest, latest = _entry(plan, cleared)
    if latest < cleared.valid_from_utc or earliest > cleared.valid_to_utc:
        yield Discrepancy(
            "OUTSIDE_VALIDITY",
            _span(earliest, latest),
            _span(cleared.valid_from_utc, cleared.valid_to_utc),
        )


def _entry(plan: FlightPlan, cleared: Cleared) -> tuple[datetime, datetime]:
    """Return the earliest and the latest time of entry into the host FIR."""
    off_block = datetime.combine(
        plan.date_of_flight or cleared.date_of_flight,
        time(int(plan.eobt[:2]), int(plan.eobt[2:])),
        UTC,
    )
    elapsed = plan.elapsed.get(cleared.first_host_fir or "")
    if elapsed is None and cleared.entry_point is None:
        elapsed = timedelta()
    if elapsed is None:
        return off_block, off_block + flight_plan.duration(plan.total_eet)
    return off_block + elapsed, off_block + elapsed


def _tail(plan: FlightPlan, cleared: Cleared) -> Iterator[Discrepancy]:
    filed = plan.other.get("REG")
    authorized = " ".join(cleared.tails)
    if filed is None:
        yield Discrepancy("REG_MISSING", "", authorized)
    elif not {*map(flight_plan.bare, filed.split())} <= {*cleared.tails}:
        yield Discrepancy("REG_MISMATCH", filed, authorized)
    elif {*map(flight_plan.bare, filed.split())} - {cleared.tails[0]}:
        yield Discrepancy("SPARE_TAIL_USED", filed, authorized)


def _clearance_number(plan: FlightPlan, cleared: Cleared) -> Iterator[Discrepancy]:
    of_host = rf"EX{cleared.host}[0-9]{{2}}[AS][0-9]{{4}}(V|DG)?"
    words = re.findall(r"[A-Z0-9]+", " ".join(plan.other.values()))
    quoted = [word for word in words if re.fullmatch(of_host, word)]
    if cleared.number not in words:
        code = "DCN_MISMATCH" if quoted else "DCN_MISSING"
        yield Discrepancy(code, " ".join(quoted), cleared.number)
    if plan.broken is not None:
        yield Discrepancy("ITEM18_ILLEGAL_CHARACTER", f"-{plan.broken}", "")


def _statuses(plan: FlightPlan, cleared: Cleared) -> Iterator[Discrepancy]:
    filed, required = {*plan.statuses}, {*cleared.required_sts}
    if missing := required - filed:
        yield Discrepancy("STS_MISSING", " ".join(plan.statuses), " ".join(sorted(missing)))
    if claimed := (filed & CLAIMS) - required:
        yield Discrepancy(
            "STS_NOT_AUTHORIZED", " ".join(sorted(claimed)), " ".join(sorted(required))
        )


def _is_only_an_fir(code: str) -> bool:
    return code in reference.firs() and code not in reference.aerodromes()


def _state_of(location: str) -> str:
    """Return the state of an aerodrome, empty where nothing is like its location indicator."""
    aerodromes = reference.aerodromes()
    for length in (4, 3, 2):
        alike = Counter(
            aerodrome.state
            for icao, aerodrome in aerodromes.items()
            if icao[:length] == location[:length]
        )
        if alike:
            return alike.most_common(1)[0][0]
    return ""


def _span(start: datetime, end: datetime) -> str:
    return " - ".join(dict.fromkeys(f"{at:%d %b %Y %H:%MZ}" for at in (start, end)))


_CALL_SIGN = r"[A-Z0-9]{1,7}", "a call sign of up to seven letters and digits"
_LOCATION = r"[A-Z]{4}", "a location indicator of four letters"
_POINT = r"[A-Z0-9]{2,11}", "the name or the coordinates of a point"
_STATUS = "|".join(sorted(flight_plan.STATUSES)), "an STS/ value"
_TAIL = r"[ -~]*[A-Z0-9][ -~]*", "a tail number"


def _word(data: Mapping[str, Any], key: str, pattern: str, what: str) -> str:
    return _checked(data[key], key, pattern, what)


def _word_or_none(data: Mapping[str, Any], key: str, pattern: str, what: str) -> str | None:
    return None if data[key] is None else _checked(data[key], key, pattern, f"{what}, or null")


def _words(data: Mapping[str, Any], key: str, pattern: str, what: str) -> tuple[str, ...]:
    if not isinstance(data[key], list):
        raise ValueError(f"“{key}” must be a list.")
    return tuple(_checked(word, key, pattern, what) for word in data[key])


def _checked(value: object, key: str, pattern: str, what: str) -> str:
    if isinstance(value, str) and re.fullmatch(pattern, value.strip().upper()):
        return value.strip().upper()
    raise ValueError(f"“{key}” must be {what}.")


def _number(data: Mapping[str, Any], key: str, *, least: int) -> int:
    value = data[key]
    if isinstance(value, int) and not isinstance(value, bool) and value >= least:
        return value
    raise ValueError(f"“{key}” must be a whole number of at least {least}.")


def _day(data: Mapping[str, Any], key: str) -> date:
    """Return a date; DOF/ has two digits of the year, which are those of this century."""
    try:
        day = date.fromisoformat(data[key])
    except (TypeError, ValueError):
        day = date.min
    if day.year // 100 != 20:
        raise ValueError(f"“{key}” must be a date from 2000 to 2099 such as 2026-09-14.")
    return day


def _instant(data: Mapping[str, Any], key: str) -> datetime:
    """Return a time; one without a zone is UTC, as the keys say."""
    try:
        instant = datetime.fromisoformat(data[key])
        return instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"“{key}” must be a time such as 2026-09-14T06:00:00Z.") from error
