"""`manage.py route POINT POINT … [--speed KNOTS] [--json]`: what a route crosses."""

from __future__ import annotations

import json
import re
from argparse import ArgumentTypeError
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from airspace import crossings, points, route_files
from airspace.points import RouteError
from casework import files

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterable, Iterator

    from airspace.crossings import Mark, Route, Segment

SPEEDS = range(30, 1000)


class Command(BaseCommand):
    """Legs, states, FIRs and seas of a route; wrong arguments exit with 2. No database."""

    help = "Follow a route and say which states, FIRs and seas it crosses. Training geography."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "point",
            nargs="+",
            metavar="POINT",
            help="aerodrome, waypoint, 4028N05003E or 40.47,50.05; or one whole route in quotes",
        )
        parser.add_argument(
            "--speed", type=speed, metavar="KNOTS", help="give times at this ground speed as well"
        )
        layouts = parser.add_mutually_exclusive_group()
        layouts.add_argument("--json", action="store_true", help="print the route as JSON")
        layouts.add_argument("--geojson", action="store_true", help="print its line as GeoJSON")
        layouts.add_argument("--kml", action="store_true", help="print its line as KML")

    def run_from_argv(self, argv: list[str]) -> None:
        """A southern latitude begins like an option: a blank before it tells them apart."""
        super().run_from_argv([re.sub(r"^(?=-[\d.])", " ", argument) for argument in argv])

    def handle(
        self,
        *args: Any,
        point: list[str],
        speed: int | None,
        json: bool,
        geojson: bool,
        kml: bool,
        **options: Any,
    ) -> None:
        try:
            route = crossings.follow(points.read(point))
        except RouteError as error:
            raise CommandError(str(error), returncode=2) from error
        name = f"{route.points[0].ident} {route.points[-1].ident}"
        title = files.marked(name)
        if geojson:
            drawn = route_files.geojson(route, title=title)
            self.stdout.write(files.as_json(name, drawn), ending="")
        elif kml:
            self.stdout.write(route_files.kml(route, title=title), ending="")
        else:
            self.print_route(route, speed, as_json=json)

    def print_route(self, route: Route, speed: int | None, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(crossings.as_dict(route, speed), ensure_ascii=False))
            return
        for line in table(route, speed):
            self.stdout.write(line)


def speed(text: str) -> int:
    """Read a ground speed in knots."""
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and int(text) in SPEEDS):
        raise ArgumentTypeError(f"{text!r} is no speed from {SPEEDS[0]} to {SPEEDS[-1]} knots.")
    return int(text)


def table(route: Route, speed: int | None) -> Iterator[str]:
    """Return the lines for a person to read: distances in NM, times in hours and minutes."""

    def reached(distance: float) -> str:
        return f"{distance:9.2f}{taken(distance, speed)}"

    def place(mark: Mark) -> str:
        return f"{reached(mark.distance_nm)}  {points.coordinates(mark)}"

    def crossed(title: str, segments: Iterable[Segment]) -> Iterator[str]:
        yield ""
        yield f"{title}: code, entry, exit, length"
        for it in segments:
            marginal = "  marginal" if it.marginal else ""
            yield f"  {it.code:<5}{place(it.entry)}{place(it.exit)}{it.length_nm:9.2f}{marginal}"

    yield "EXERCISE, training only: distances in NM" + (f", times at {speed} kt" if speed else "")
    yield ""
    yield "Legs: from, to, length"
    for leg in route.legs:
        yield f"  {leg.start.ident:<15} {leg.end.ident:<15} {reached(leg.distance_nm)}"
    yield f"  {'Total':<32}{reached(route.total_distance_nm)}"
    yield from crossed("States", route.states)
    yield f"  Without marginal: {' '.join(route.state_sequence_without_marginal)}"
    yield from crossed("FIRs", route.firs)
    yield f"  Without marginal: {' '.join(route.fir_sequence_without_marginal)}"
    for title, stretches in (("Outside any state", route.outside), ("Seas", route.seas)):
        yield ""
        yield f"{title}: from, to"
        for it in stretches:
            yield f"  {reached(it.from_nm)}{reached(it.to_nm)}  {it.name}".rstrip()
        if not stretches:
            yield "  none"
    yield ""
    yield "Handed over: from, to, point, boundary, entry of the territory"
    for handover in route.handovers:
        yield (
            f"  {handover.from_state} {handover.to_state}  {handover.point:<12}"
            f"{reached(handover.distance_nm)}{reached(handover.border.distance_nm)}"
        )
    if not route.handovers:
        yield "  none"
    yield ""
    yield "Training geography, not for operations. Borders express no position on sovereignty."


def taken(distance: float, speed: int | None) -> str:
    """Return the time for a distance as hh:mm, nothing without a speed."""
    if speed is None:
        return ""
    minutes = round(crossings.time_at(distance, speed).total_seconds() / 60)
    return f" {minutes // 60:02}:{minutes % 60:02}"
