"""The corridors on which dossiers fly: real ways between Türkiye and Kazakhstan, both directions.

They are the model corridors of the reference routes and of the stories. Training geography.
"""

from __future__ import annotations

from dataclasses import dataclass

from airspace import reference


@dataclass(frozen=True)
class Corridor:
    """A way from aerodrome to aerodrome, and what the same way looks like done wrong.

    `shortcut` leaves points out and so crosses a state that is not declared; `across_zone` meets a
    zone of the host while it is active; `touch` comes under 2 NM into a state, which is no
    crossing. Each is empty where the corridor has none.
    """

    route: str
    requesting_state: str
    host: str
    shortcut: str = ""
    across_zone: str = ""
    touch: str = ""

    @property
    def departure(self) -> str:
        return self.route.split()[0]

    @property
    def destination(self) -> str:
        return self.route.split()[-1]

    @property
    def code(self) -> str:
        """The name of the corridor: the aerodromes at its ends."""
        return f"{self.departure}-{self.destination}"

    @property
    def ends_in_host(self) -> bool:
        return reference.aerodromes()[self.destination].state == self.host


def _there(route: str, **variants: str) -> Corridor:
    return Corridor(route, "TR", "KZ", **variants)


def _back(route: str, **variants: str) -> Corridor:
    return Corridor(route, "KZ", "TR", **variants)


CORRIDORS = (
    _there(
        "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE LANUK UACC",
        across_zone="LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE UACC",
    ),
    _there("LTAE NOLGA LAGAS ADEKI UBBB RUTIL UATE LANUK UAKK"),
    _there(
        "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE ARKAM AGAKO UAAA",
        shortcut="LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE MILSO UAAA",
        across_zone="LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE ARKAM 4415N06430E UAAA",
        touch="LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE 450005N0560000E ARKAM AGAKO UAAA",
    ),
    _there("LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE URASA UZSS UTDD"),
    _there("LTAC NOLGA LAGAS ADEKI UBBB BALUN UATE URASA UZSS"),
    _there("LTAC NOLGA LAGAS ADEKI UBBB BALUN UATE"),
    _there("LTAE NOLGA LAGAS ADEKI UBBB RUTIL UATE UATT"),
    _there(
        "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE ARKAM UAOO",
        shortcut="LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE UAOO",
        across_zone="LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE ARKAM 4425N06425E UAOO",
        touch="LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE 450005N0560000E ARKAM UAOO",
    ),
    _back("UACC LANUK UATE BALUN UBBB ADEKI LAGAS NOLGA LTAC"),
    _back("UAKK LANUK UATE RUTIL UBBB ADEKI LAGAS NOLGA LTAR GUMRU LTFM"),
    _back("UAKK LANUK UATE RUTIL UBBB ADEKI LAGAS NOLGA LTAR GUMRU LTFM LBSF"),
    _back("UATE BALUN UBBB ADEKI LAGAS NOLGA LTAU"),
    _back(
        "UAAA AGAKO ARKAM UATE BALUN UBBB ADEKI LAGAS NOLGA LTAF",
        shortcut="UAAA MILSO UATE BALUN UBBB ADEKI LAGAS NOLGA LTAF",
        touch="UAAA AGAKO ARKAM 450005N0560000E UATE BALUN UBBB ADEKI LAGAS NOLGA LTAF",
    ),
    _back("UATT UATE RUTIL UBBB ADEKI LAGAS NOLGA LTAC"),
)
