"""Route check: which states and FIRs a route crosses, where and when. Public, keeps nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from airspace import reference, route_files
from airspace.crossings import follow
from airspace.points import RouteError, read
from casework import files
from casework.fields import NumberField
from casework.typed import as_code
from transit.mapping import Declared, invented_zones, map_of
from transit.public.exam import closed_in_exams
from transit.route_tables import tables
from transit.sentences import sentence

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from airspace.crossings import Route

#: The corridor by which the simulator teaches.
EXAMPLE = {
    "route": "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE LANUK UACC",
    "aircraft_type": "A400",
    "declared": "GE AZ KZ",
}


class RouteForm(forms.Form):
    """A route, the speed at which it is flown, and the states somebody means to cross."""

    route = forms.CharField(
        label=_("route"),
        max_length=2000,
        help_text=_(
            "Points in order of flight, as in item 15 of a flight plan: aerodromes, waypoints,"
            " positions such as 4028N05003E or 40.47,50.05."
        ),
        error_messages={"required": _("Enter the points of the route.")},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    knots = NumberField(
        unit="kt",
        label=_("speed"),
        required=False,
        min_value=50,
        max_value=700,
        help_text=_("Over the ground."),
        error_messages={"invalid": _("Enter a whole number of knots, such as 400.")},
    )
    aircraft_type = forms.CharField(
        label=_("or aircraft type"),
        required=False,
        max_length=20,
        help_text=_("ICAO designator; its round cruising speed is a training default."),
        widget=forms.TextInput({"autocomplete": "off", "list": "aircraft-types"}),
    )
    declared = forms.CharField(
        label=_("declared states"),
        required=False,
        max_length=400,
        help_text=_("Two-letter codes in order of flight, such as GE AZ KZ."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_route(self) -> Route:
        try:
            return follow(read(self.cleaned_data["route"]))
        except RouteError as error:
            raise forms.ValidationError(sentence(error), code=error.code) from None

    def clean_aircraft_type(self) -> reference.AircraftType | None:
        designator = as_code(self.cleaned_data["aircraft_type"])
        if not designator:
            return None
        try:
            return reference.aircraft_types()[designator]
        except KeyError:
            raise forms.ValidationError(
                _("“%(type)s” is no designator that is kept here; give the speed instead."),
                params={"type": designator},
            ) from None

    def clean_declared(self) -> list[Declared]:
        codes = as_code(self.cleaned_data["declared"], parted=True).split()
        for code in codes:
            if code not in reference.states():
                raise forms.ValidationError(
                    _("“%(code)s” is no code of a state on the map, such as KZ."),
                    params={"code": code},
                )
        return [Declared(code) for code in codes]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        aircraft = cleaned.get("aircraft_type")
        if aircraft and not cleaned.get("knots"):
            if aircraft.cruise_ktas is None:
                self.add_error("aircraft_type", _("Its speed is not known; give it in knots."))
            cleaned["knots"] = aircraft.cruise_ktas
        return cleaned


@closed_in_exams
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show what a route crosses, on a map and in tables; a fault stands at its item.

    `as=geojson` and `as=kml` in the address give the route as a file.
    """
    form = RouteForm(request.GET if "route" in request.GET else None)
    context: dict[str, Any] = {
        "form": form,
        "example": urlencode(EXAMPLE),
        "aircraft_types": reference.aircraft_types().values(),
    }
    if form.is_valid():
        found, declared = form.cleaned_data["route"], form.cleaned_data["declared"]
        if (ending := request.GET.get("as", "")) in FILES:
            return files.attached(FILES[ending](found), f"route.{ending}")
        zones = invented_zones()
        context |= {
            "asked": request.GET.urlencode(),
            "files": FILES,
            "map": map_of(found, declared=declared, zones=zones),
            "tables": tables(
                found, knots=form.cleaned_data["knots"], declared=declared, zones=zones
            ),
        }
    status = 422 if form.errors else 200
    return render(request, "transit/route_check.html", context, status=status)


def _geojson(route: Route) -> str:
    name = _named(route)
    return files.as_json(name, route_files.geojson(route, title=files.marked(name)))


def _kml(route: Route) -> str:
    return route_files.kml(route, title=files.marked(_named(route)))


def _named(route: Route) -> str:
    return f"{route.points[0].ident} {route.points[-1].ident}"


#: How a route is written for maps, by the ending of the file.
FILES = {"geojson": _geojson, "kml": _kml}
