"""Build airspace/data/aerodromes.csv again from airportsdata and what was put in by hand.

    VENV=scripts/.venv scripts/venv scripts/requirements.txt
    scripts/.venv/bin/python scripts/build_aerodromes.py > aerodromes.csv

By hand: names and cities that were corrected, which aerodromes are military, which have customs,
and notes; each stands in scripts/aerodromes_by_hand.csv, one cell a line.
"""

import csv
import re
import sys
from pathlib import Path

import airportsdata

BY_HAND = Path(__file__).with_name("aerodromes_by_hand.csv")

COLUMNS = (
    *("icao", "iata", "name", "city", "state", "lat", "lon", "elevation_ft", "tz"),
    *("military", "customs", "note"),
)

#: All with a code of four letters; of the second group those that airlines use too.
NEAR = ("TR", "KZ", "GE", "AZ", "AM", "UZ", "TM", "KG", "TJ", "AF")
FAR = ("BG", "GR", "CY", "SY", "LB", "IQ", "IR", "RO", "RU")


def is_taken(source: airportsdata.Airport) -> bool:
    """Tell whether the product knows an aerodrome; of Russia, those on the map."""
    if not re.fullmatch("[A-Z]{4}", source["icao"]):
        return False
    if source["country"] == "RU" and not (18 <= source["lon"] <= 96 and 28 <= source["lat"] <= 60):
        return False
    return source["country"] in NEAR or (source["country"] in FAR and bool(source["iata"]))


def row(source: airportsdata.Airport) -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "") | {
        "icao": source["icao"],
        "iata": source["iata"],
        "name": source["name"],
        "city": source["city"],
        "state": source["country"],
        "lat": f"{source['lat']:.5f}",
        "lon": f"{source['lon']:.5f}",
        "elevation_ft": str(int(source["elevation"]) or ""),
        "tz": source["tz"],
    }


def main() -> None:
    rows = {one["icao"]: row(one) for one in airportsdata.load("ICAO").values() if is_taken(one)}
    with BY_HAND.open(encoding="utf-8", newline="") as file:
        for cell in csv.DictReader(file):
            rows[cell["icao"]][cell["column"]] = cell["value"]
    out = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    out.writeheader()
    order = NEAR + FAR
    out.writerows(sorted(rows.values(), key=lambda one: (order.index(one["state"]), one["icao"])))


if __name__ == "__main__":
    main()
