"""What is shown here that others made: its source, its licence, and how they want to be named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from books import agreements

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Source:
    """A data set or a piece of software; `credit` is in its makers' words and not translated."""

    title: _StrPromise | str
    origin: str
    licence: str
    address: str = ""
    credit: str = ""
    limits: _StrPromise | str = ""


DATA = (
    Source(
        _("Borders, territorial seas, seas"),
        "Natural Earth 4.1.0, 1:10m Admin 0 countries, as packed in world-atlas 2.0.2",
        "Public domain (Natural Earth); ISC (world-atlas)",
        "https://www.naturalearthdata.com/",
        "Made with Natural Earth.",
        _(
            "Simplified. Territorial seas and median lines are derived; their breadth is assumed"
            " where no source names it."
        ),
    ),
    Source(
        _("Flight information regions"),
        "VAT-Spy Client Data Update Project, Boundaries.geojson, commit 9f8d09c of 7 August 2026",
        "CC BY-SA 4.0; the changed file stays under it",
        "https://github.com/vatsimnetwork/vatspy-data-project",
        "FIR boundaries: VAT-Spy Client Data Update Project contributors, VATSIM Network,"
        " CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0/); merged, clipped and"
        " cleaned.",
        _("Data of a flight-simulation community, no official delineation."),
    ),
    Source(
        _("Fixes"),
        "X-Plane navigation data, cycle 2012.08, mcantsin/x-plane-navdata, commit 36357c7",
        "GPL-3.0; in a file of its own",
        "https://github.com/mcantsin/x-plane-navdata",
        "Fixes: X-Plane navigation data, data cycle 2012.08, published by Luther Blissett"
        " (mcantsin/x-plane-navdata), GPL-3.0.",
        _(
            "Of August 2012: points have since been renamed, moved or withdrawn. That a point is"
            " a boundary point, and of which regions, is computed from the VAT-Spy data above, not"
            " published."
        ),
    ),
    Source(
        _("Navaids and aerodromes"),
        "OurAirports, navaids.csv, commit 1fb3eea of 22 August 2026; airportsdata 20260905",
        "Public domain (OurAirports); MIT (airportsdata)",
        "https://ourairports.com/data/ · https://github.com/mborsetti/airportsdata",
        "Navaids and aerodromes: OurAirports (public domain); aerodrome list: airportsdata by"
        " Mike Borsetti (MIT).",
        _("Reduced and corrected by hand. Which aerodromes are military is not complete."),
    ),
    Source(
        _("Aircraft types"),
        "Designators checked against a public list of ICAO types; figures from public pages",
        "Facts; no licence asked",
        limits=_("Round figures of one common version, for plausibility only."),
    ),
    Source(
        _("Public holidays"),
        "python-holidays 0.109",
        "MIT",
        "https://github.com/vacanza/holidays",
        "Holidays: python-holidays by the Vacanza Team (MIT).",
        _("Religious dates may move by a day; working days exchanged in later years are unknown."),
    ),
    Source(
        _("Dangerous goods"),
        "49 CFR 172.101, eCFR snapshot of 1 June 2026, hazmat-cfr-mcp, commit c733ac6",
        "Public domain (text); MIT (its parse)",
        "https://github.com/andretaki/hazmat-cfr-mcp",
        "Dangerous goods: 49 CFR 172.101, US Government text, as parsed by hazmat-cfr-mcp (MIT).",
        _("US domestic table: the ICAO Technical Instructions and military rules may differ."),
    ),
)

SOFTWARE = (
    Source(
        "Leaflet 1.9.4", "Volodymyr Agafonkin, CloudMade", "BSD-2-Clause", "https://leafletjs.com/"
    ),
    Source("Tabler 1.6.1, Tabler Icons 3.51.0", "The Tabler Authors", "MIT", "https://tabler.io/"),
    Source("Inter", "The Inter Project Authors", "SIL OFL 1.1", "https://rsms.me/inter/"),
    Source("IBM Plex Mono", "IBM Corp.", "SIL OFL 1.1", "https://www.ibm.com/plex/"),
    Source("htmx 2, idiomorph 0.8.0", "Big Sky Software", "0BSD", "https://htmx.org/"),
)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """List the sources of agreements and data, and of what the browser loads."""
    context = {"agreements": agreements.shipped(), "data": DATA, "software": SOFTWARE}
    return render(request, "transit/sources.html", context)
