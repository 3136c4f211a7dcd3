"""Decoys: what looks wrong and is right."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as lazy

from airspace.crossings import drawn
from scenarios import needs, register
from scenarios.book import decoy
from scenarios.defects.annual import cite
from scenarios.defects.load import RIFLES, blanks
from scenarios.defects.plan import filed, refile
from scenarios.dossier import exercise

if TYPE_CHECKING:
    from datetime import date

    from scenarios.dossier import Dossier
    from scenarios.lots import Lots


@decoy(
    "BLANKS_AT_THE_LIMIT",
    lazy("Goods of 1.4S ride with passengers, up to 25 kg in each package."),
    facts=("goods.packages", "goods.net_quantity", "passenger_count"),
    situations=(20,),
    needs=blanks,
)
def blanks_are_at_the_limit(dossier: Dossier, lots: Lots) -> None:
    dossier.goods[0] |= {"packages": 6, "net_quantity": Decimal(150), "gross_kg": Decimal(190)}


@decoy(
    "BATTERIES_IN_EQUIPMENT",
    lazy("Batteries inside their equipment go as UN3481, up to 5 kg in each package."),
    facts=("goods.un_number", "goods.packages", "goods.net_quantity"),
    situations=(43,),
    needs=needs.carrying("UN3481"),
)
def batteries_are_in_their_equipment(dossier: Dossier, lots: Lots) -> None:
    packages = lots.between(10, 30)
    dossier.goods[0] |= {
        "packages": packages,
        "net_quantity": Decimal(packages * 5),
        "gross_kg": Decimal(packages * 40),
    }


@decoy(
    "OTHER_NAME_OF_THE_TABLE",
    lazy("The table prints several names for this number; each of them is right."),
    facts=("goods.un_number", "goods.proper_shipping_name"),
    needs=blanks,
)
def name_is_another_of_the_table(dossier: Dossier, lots: Lots) -> None:
    dossier.goods[0]["proper_shipping_name"] = "Cartridges for weapons, blank"


@decoy(
    "GOODS_ARE_ALL_THE_CARGO",
    lazy("The dangerous goods are all the cargo: their gross mass is its mass, not above it."),
    facts=("cargo_kg", "goods.gross_kg"),
    needs=needs.with_goods,
)
def goods_are_all_the_cargo(dossier: Dossier, lots: Lots) -> None:
    dossier.form["cargo_kg"] = int(sum(line["gross_kg"] for line in dossier.goods))


@decoy(
    "TOUCHED_UNDER_2_NM",
    lazy("The route comes under 2 NM into a state: on training geography that is no crossing."),
    facts=("route", "crossings.state"),
    situations=(22,),
    needs=lambda dossier: bool(dossier.corridor.touch),
)
def state_is_only_touched(dossier: Dossier, lots: Lots) -> None:
    dossier.form["route"] = dossier.corridor.touch


@decoy(
    "BOUNDARY_BEFORE_BORDER",
    lazy("The window counts from the FIR boundary, which lies far before the border."),
    facts=("route", "crossings.entry_point", "remarks"),
    needs=needs.of_turkiye,
)
def boundary_lies_before_the_border(dossier: Dossier, lots: Lots) -> None:
    into = next(it for it in drawn(dossier.form["route"]).handovers if it.to_state == dossier.host)
    apart = into.border.distance_nm - into.distance_nm
    dossier.form["remarks"] += f" {into.point} lies {apart:.0f} NM before the coast of the host."


@decoy(
    "JUST_IN_TIME",
    lazy("The note came on the last day, minutes before the office closed: in time."),
    facts=("crossings.entry_at", "short_notice_reason"),
    situations=(3, 64),
    needs=needs.in_working_days,
)
def note_came_just_in_time(dossier: Dossier, lots: Lots) -> None:
    notice = dossier.notice
    assert notice is not None  # noqa: S101 - needed: a track in working days
    dossier.received_at = notice.given.latest_receipt_at - timedelta(minutes=lots.between(5, 25))


def _holidays(dossier: Dossier) -> list[date]:
    """Return holidays of the requesting state on which the host works."""
    host = exercise().office(dossier.host)
    theirs = dossier.holidays_of(dossier.requesting_state, before=timedelta(days=2))
    return [day for day in theirs if host.is_working_day(day)]


@decoy(
    "HOLIDAY_AT_ONE_SIDE",
    lazy("A holiday of the requesting state lies between; the host works, and its days count."),
    facts=("crossings.entry_at",),
    situations=(64,),
    needs=lambda dossier: needs.in_working_days(dossier) and bool(_holidays(dossier)),
)
def holiday_is_at_one_side(dossier: Dossier, lots: Lots) -> None:
    holiday = lots.one_of(_holidays(dossier))
    dossier.fly_earlier((dossier.entry["entry_at"].date() - holiday) - timedelta(days=2))
    notice = dossier.notice
    assert notice is not None  # noqa: S101 - needed: a track in working days
    dossier.received_at = notice.given.latest_receipt_at - timedelta(minutes=lots.between(60, 90))


@decoy(
    "SHORT_AND_JUSTIFIED",
    lazy("The notice is short, and the justification says what cannot wait, and why."),
    facts=("short_notice_reason", "crossings.entry_at"),
    codes=("NOTICE_SHORT",),
    situations=(4,),
    needs=needs.in_working_days,
)
def notice_is_short_and_justified(dossier: Dossier, lots: Lots) -> None:
    notice = dossier.notice
    assert notice is not None  # noqa: S101 - needed: a track in working days
    dossier.leave_notice(notice.allowance.amount - 1)
    dossier.form["short_notice_reason"] = (
        "The aircraft that was authorized for this load broke down yesterday; the receiving unit "
        "leaves its station two days after the arrival asked for."
    )


@decoy(
    "MEDEVAC_IN_HOURS",
    lazy("A medical evacuation asks for no minimum notice: two hours are enough to ask."),
    facts=("priority", "crossings.entry_at"),
    situations=(19,),
    needs=lambda dossier: dossier.form["priority"] == "MEDEVAC",
)
def medevac_asks_in_hours(dossier: Dossier, lots: Lots) -> None:
    dossier.received_at = dossier.entry["entry_at"] - timedelta(hours=2)


@decoy(
    "ANNUAL_OF_THIS_YEAR",
    lazy("The annual number is of this year and covers the purpose; it names no tail."),
    facts=("annual_number", "registration"),
    codes=("ANNUAL_ALONE",),
    situations=(7,),
    needs=lambda dossier: (
        needs.plain(dossier) and dossier.form["category"] in register.USUAL.categories
    ),
)
def annual_number_is_of_this_year(dossier: Dossier, lots: Lots) -> None:
    cite(dossier, register.USUAL)
    form = dossier.form
    tails = form["registration"], form["spare_registration"]
    form["spare_registration"], form["registration"] = tails


@decoy(
    "EMERGENCY_ALTERNATE",
    lazy("An alternate in the host state is for emergencies; it asks for no landing."),
    facts=("alternates",),
    codes=("ALTERNATE_IN_HOST",),
    situations=(15,),
)
def alternate_is_for_emergencies(dossier: Dossier, lots: Lots) -> None:
    dossier.form["alternates"] = {"KZ": "UATG", "TR": "LTCE"}[dossier.host]


@decoy(
    "RIFLES_WITHOUT_AMMUNITION",
    lazy("Rifles go unloaded, and it is said that there is no ammunition."),
    facts=("has_personal_weapons", "has_ammunition"),
    codes=("WEAPONS_DECLARED",),
    situations=(48,),
    needs=needs.plain,
)
def rifles_go_without_ammunition(dossier: Dossier, lots: Lots) -> None:
    dossier.form |= RIFLES | {"has_ammunition": False}


@decoy(
    "CAMERA_SEALED",
    lazy("A camera is aboard, off and sealed, with the long notice that it needs."),
    facts=("has_sensors", "equipment"),
    codes=("SENSORS_DECLARED",),
    situations=(18,),
    needs=needs.plain,
)
def camera_is_sealed(dossier: Dossier, lots: Lots) -> None:
    dossier.form |= {
        "has_sensors": True,
        "equipment": "Vertical camera, power removed, hatch sealed by the station's officer.",
    }
    dossier.send_in_time()


@decoy(
    "SUITE_OFF",
    lazy("Electronic warfare equipment is aboard, off and safe, with the notice that it needs."),
    facts=("has_electronic_warfare", "equipment"),
    codes=("EW_DECLARED",),
    situations=(49,),
    needs=needs.plain,
)
def suite_is_off(dossier: Dossier, lots: Lots) -> None:
    dossier.form |= {
        "has_electronic_warfare": True,
        "equipment": "Self-protection suite, off, dispensers empty, throughout the flight.",
    }
    dossier.send_in_time()


@decoy(
    "LOWEST_LEVEL",
    lazy("The level is the lowest of the corridor, not below it."),
    facts=("cruise_level",),
)
def level_is_the_lowest(dossier: Dossier, lots: Lots) -> None:
    dossier.form["cruise_level"] = "F195"


@decoy(
    "A_LITTLE_SLOW",
    lazy("The times are those of a speed a tenth higher: within what is plausible."),
    facts=("cruise_knots", "crossings.entry_at"),
)
def speed_is_a_little_off(dossier: Dossier, lots: Lots) -> None:
    dossier.form["cruise_knots"] = dossier.form["cruise_knots"] * 92 // 100


@decoy(
    "SPARE_TAIL",
    lazy("The tail is the listed spare: accepted, to be noted."),
    facts=("18/REG",),
    codes=("SPARE_TAIL_USED",),
    situations=(35,),
    of_plan=True,
)
def spare_tail_is_used(dossier: Dossier, lots: Lots) -> None:
    refile(dossier, other={"REG": dossier.form["spare_registration"].replace("-", "")})


@decoy(
    "LATER_INSIDE_THE_WINDOW",
    lazy("The flight leaves hours later than asked for, inside the window of 72 hours."),
    facts=("13", "18/EET"),
    situations=(32,),
    of_plan=True,
)
def leaves_later_inside_the_window(dossier: Dossier, lots: Lots) -> None:
    later = dossier.form["departs_at"] + timedelta(hours=lots.between(3, 6))
    refile(dossier, eobt=f"{later:%H%M}")


@decoy(
    "FEWER_ABOARD",
    lazy("Fewer persons are aboard than were authorized: that needs no amendment."),
    facts=("19/P",),
    of_plan=True,
)
def fewer_are_aboard(dossier: Dossier, lots: Lots) -> None:
    aboard = dossier.form["crew_count"] + dossier.form["passenger_count"] - 1
    refile(dossier, supplementary={**filed(dossier).supplementary, "P": f"{aboard:03}"})


@decoy(
    "CLEARANCE_NUMBERED_OTHERWISE",
    lazy("How a state on the way forms its numbers is its own affair."),
    facts=("crossings.clearance_number",),
    situations=(26,),
)
def clearance_is_numbered_otherwise(dossier: Dossier, lots: Lots) -> None:
    dossier.row_of("GE")["clearance_number"] = f"EX{lots.between(1000, 9999)}GE"
