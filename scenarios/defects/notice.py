"""Mistakes of notice: the host, or a state on the way, gets less time than it asks for.

What is late is the flight: it is moved to an earlier day, and mended by the later one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as lazy

from exercises.models import Role
from scenarios import needs, register
from scenarios.book import Decision, defect
from transit import lead_times

if TYPE_CHECKING:
    from datetime import date

    from scenarios.dossier import Dossier
    from scenarios.lots import Lots

WEEK = 5
FLY_LATER = lazy("Fly later, or say why it cannot wait.")
TRACK = ("crossings.entry_at", "short_notice_reason")

#: So long after a holiday the host is entered, and so long a flight has to come after it at first.
AFTER, LATER = timedelta(days=4), timedelta(days=12)


def _asked(dossier: Dossier) -> int:
    notice = dossier.notice
    assert notice is not None  # noqa: S101 - needed: a track in working days
    return notice.allowance.amount


@defect(
    "A_WEEK_LATE",
    lazy("The notice is short by a week, and nobody says why."),
    mending=FLY_LATER,
    desk=Role.REGISTRY,
    facts=TRACK,
    codes=("NOTICE_UNJUSTIFIED",),
    cues=3,
    plausible=1,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK, Decision.REFUSE),
    grounds=("NOTICE",),
    situations=(4,),
    needs=needs.in_working_days,
)
def notice_is_a_week_short(dossier: Dossier, lots: Lots) -> None:
    dossier.leave_notice(max(1, _asked(dossier) - WEEK))


@defect(
    "A_DAY_LATE",
    lazy("The notice is short by one working day, and nobody says why."),
    mending=FLY_LATER,
    desk=Role.REGISTRY,
    facts=TRACK,
    codes=("NOTICE_UNJUSTIFIED",),
    cues=2,
    plausible=3,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK, Decision.REFUSE),
    grounds=("NOTICE",),
    situations=(4,),
    needs=needs.in_working_days,
)
def notice_is_a_day_short(dossier: Dossier, lots: Lots) -> None:
    dossier.leave_notice(_asked(dossier) - 1)


def _holidays(dossier: Dossier) -> list[date]:
    return dossier.holidays_of(dossier.host, before=LATER)


@defect(
    "HOURS_LATE_ACROSS_HOLIDAY",
    lazy(
        "The note came two hours after the close of business, and a holiday of the host lies "
        "between: a day and a day that do not count."
    ),
    mending=FLY_LATER,
    desk=Role.REGISTRY,
    facts=TRACK,
    codes=("NOTICE_UNJUSTIFIED",),
    cues=1,
    plausible=3,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK, Decision.REFUSE),
    grounds=("NOTICE",),
    situations=(3, 4, 64),
    needs=lambda dossier: needs.in_working_days(dossier) and bool(_holidays(dossier)),
)
def notice_is_hours_short(dossier: Dossier, lots: Lots) -> None:
    """Enter some days after the holiday; be in time two hours before the note came."""
    holiday = lots.one_of(_holidays(dossier))
    dossier.fly_earlier(dossier.entry["entry_at"].date() - holiday - AFTER)
    notice = dossier.notice
    assert notice is not None  # noqa: S101 - needed: a track in working days
    dossier.received_at = notice.given.latest_receipt_at + timedelta(hours=2)


@defect(
    "THINLY_JUSTIFIED",
    lazy("The notice is short, and the justification says nothing."),
    mending=FLY_LATER,
    desk=Role.REGISTRY,
    facts=TRACK,
    codes=("NOTICE_SHORT",),
    cues=2,
    plausible=2,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK, Decision.REFUSE),
    grounds=("NOTICE",),
    situations=(4,),
    needs=needs.in_working_days,
)
def notice_is_thinly_justified(dossier: Dossier, lots: Lots) -> None:
    dossier.leave_notice(_asked(dossier) - lots.between(1, 3))
    dossier.form["short_notice_reason"] = "By order of the command."


@defect(
    "CLEARANCE_PENDING",
    lazy("A state on the way has not granted its clearance yet."),
    mending=lazy("Bring the number of that state's clearance."),
    desk=Role.DEFENCE,
    facts=("crossings.clearance", "crossings.state"),
    codes=("THIRD_STATE_PENDING",),
    cues=3,
    plausible=1,
    decision=Decision.AUTHORIZE,
    also=(Decision.ASK,),
    situations=(26,),
)
def clearance_is_pending(dossier: Dossier, lots: Lots) -> None:
    dossier.row_of("GE").update(clearance="REQUESTED", clearance_number="")


@defect(
    "CLEARANCE_UNSAID",
    lazy("Of a state on the way nobody says whether it has granted its clearance."),
    mending=lazy("Say how that state's clearance stands, with its number."),
    desk=Role.DEFENCE,
    facts=("crossings.clearance", "crossings.state"),
    codes=("THIRD_STATE_PENDING",),
    cues=1,
    plausible=2,
    decision=Decision.ASK,
    also=(Decision.AUTHORIZE,),
    situations=(26,),
)
def clearance_is_not_told(dossier: Dossier, lots: Lots) -> None:
    dossier.row_of("GE").update(clearance="", clearance_number="")


@defect(
    "CLEARANCE_NUMBERED_TOO_EARLY",
    lazy("A state on the way is only asked, and a number stands beside it as if it had granted."),
    mending=lazy("Say how that state's clearance stands, with its number."),
    desk=Role.DEFENCE,
    facts=("crossings.clearance", "crossings.state"),
    codes=("THIRD_STATE_PENDING",),
    cues=2,
    plausible=3,
    decision=Decision.ASK,
    also=(Decision.AUTHORIZE,),
    situations=(26,),
)
def clearance_is_numbered_too_early(dossier: Dossier, lots: Lots) -> None:
    dossier.row_of(lots.one_of(("GE", "AZ")))["clearance"] = "REQUESTED"


@defect(
    "CLEARANCE_WITHOUT_NUMBER",
    lazy("A clearance is said to be granted, and its number is missing."),
    mending=lazy("Give the number of the clearance."),
    desk=Role.REGISTRY,
    facts=("crossings.clearance", "crossings.clearance_number"),
    codes=("FORM_INCOMPLETE",),
    cues=1,
    plausible=2,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    situations=(2, 26),
)
def clearance_has_no_number(dossier: Dossier, lots: Lots) -> None:
    dossier.row_of("AZ")["clearance_number"] = ""


def _shorten_for_the_host(dossier: Dossier) -> None:
    """Cite the annual number, which the host takes for shorter notice and Azerbaijan does not."""
    year = dossier.entry["entry_at"].year
    dossier.form["annual_number"] = register.DIPLOMATIC.number(dossier.host, year)
    dossier.row_of("AZ").update(clearance="REQUESTED", clearance_number="")
    dossier.leave_notice(_asked(dossier))


def _is_short_for_azerbaijan(dossier: Dossier) -> bool:
    if not needs.with_delegation(dossier):
        return False
    tried = dossier.copy()
    _shorten_for_the_host(tried)
    if tried.entry["entry_at"].year != dossier.entry["entry_at"].year:
        return False
    assert tried.received_at is not None  # noqa: S101 - a dossier has been sent
    asked = lead_times.of_third_states(tried.revision(), received_at=tried.received_at)
    return any(one.state == "AZ" and one.is_short for one in asked)


@defect(
    "AZERBAIJAN_ASKS_LONGER",
    lazy(
        "The annual number shortens the notice to the host; Azerbaijan asks for its own, and has "
        "not granted."
    ),
    mending=lazy("Fly later, or bring the number of Azerbaijan's clearance."),
    desk=Role.REGISTRY,
    facts=("crossings.clearance", "crossings.entry_at", "annual_number"),
    codes=("ANNUAL_ALONE", "THIRD_STATE_NOTICE", "THIRD_STATE_PENDING"),
    cues=1,
    plausible=3,
    decision=Decision.ASK,
    also=(Decision.AUTHORIZE,),
    situations=(26, 31),
    needs=_is_short_for_azerbaijan,
)
def azerbaijan_asks_for_longer_notice(dossier: Dossier, lots: Lots) -> None:
    _shorten_for_the_host(dossier)
