"""What an authorization lets fly, as a flight plan is compared with it; also read from data."""

from __future__ import annotations

import re
from dataclasses import MISSING, asdict, dataclass, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from airspace import flight_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

_CALL_SIGN = r"[A-Z0-9]{1,7}", "a call sign of up to seven letters and digits"
_LOCATION = r"[A-Z]{4}", "a location indicator of four letters"
_POINT = r"[A-Z0-9]{2,11}", "the name or the coordinates of a point"
_STATUS = "|".join(sorted(flight_plan.STATUSES)), "an STS/ value"
_STATE = r"[A-Z]{2}", "a country code of two letters"
_TAIL = r"[ -~]*[A-Z0-9][ -~]*", "a tail number"


#: The lowest level of the corridor, where an authorization names none; a training default.
MINIMUM_LEVEL = 195


@dataclass(frozen=True)
class Cleared:
    """What an authorization lets fly.

    `entry_point` and `exit_point` are those of the host state, None where the flight starts or
    ends inside it. `valid_from_utc` and `valid_to_utc` bound the entry into `first_host_fir`,
    both inclusive. `type` is the type designator; `persons_on_board_max` crew plus passengers.

    What an authorization need not say, empty where it does not: `states` are those that the flight
    was declared to cross, the host among them; `route` the points of the route from departure to
    destination. `minimum_level` is the lowest level of the corridor, in hundreds of feet.
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
    states: tuple[str, ...] = ()
    route: tuple[str, ...] = ()
    minimum_level: int = MINIMUM_LEVEL

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Cleared:
        """Return an authorization given as data; `ValueError`, in a sentence, if it is none.

        Keys that an authorization does not have, such as an identifier, are passed over.
        """
        needed = [one.name for one in fields(cls) if one.default is MISSING]
        if missing := [name for name in needed if name not in data]:
            raise ValueError(f"The authorization lacks: {', '.join(missing)}.")
        cleared = cls(
            host=_word(data, "host", *_STATE),
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
            states=_words(data, "states", *_STATE) if "states" in data else (),
            route=_words(data, "route", *_POINT) if "route" in data else (),
            minimum_level=_number(
                {"minimum_level": MINIMUM_LEVEL, **data}, "minimum_level", least=0
            ),
        )
        if cleared.valid_to_utc < cleared.valid_from_utc:
            raise ValueError("“valid_to_utc” lies before “valid_from_utc”.")
        return cleared

    def as_dict(self) -> dict[str, Any]:
        """Return the authorization as `from_dict` reads it, plain values for JSON."""
        plain: dict[str, Any] = {}
        for name, value in asdict(self).items():
            if isinstance(value, datetime):
                plain[name] = f"{value:%Y-%m-%dT%H:%M:%SZ}"
            elif isinstance(value, date):
                plain[name] = value.isoformat()
            else:
                plain[name] = list(value) if isinstance(value, tuple) else value
        return plain

    @property
    def tails(self) -> tuple[str, ...]:
        """The tails that may fly as they stand in a message, the spares last."""
        return tuple(map(flight_plan.bare, (self.registration, *self.spare_registrations)))


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
