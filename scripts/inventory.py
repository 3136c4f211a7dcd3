"""What is shipped and installed, from whom, on which terms, as which file.

    python scripts/inventory.py sbom        a CycloneDX 1.6 document, to standard output
    python scripts/inventory.py licences    writes docs/reference/licences.md
    python scripts/inventory.py hashes      writes scripts/data.sha256

The first two read the licences of the packages where these are installed.
"""

import hashlib
import json
import re
import sys
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements.txt", ROOT / "requirements-papers.txt"
VENDORED = ROOT / "static" / "vendor" / "VENDORED.md"
HASHES = ROOT / "scripts" / "data.sha256"
LICENCES = ROOT / "docs" / "reference" / "licences.md"

#: Data of others: changed by a new version only.
DATA = ("airspace/data/*.csv", "airspace/data/*.geojson", "books/data/**/*.csv")

#: Older metadata says it in words.
SPDX = {
    "Apache 2": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "New BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Dual License": "BSD-3-Clause OR Apache-2.0",
    "ZPL 2.1": "ZPL-2.1",
}


class Package(NamedTuple):
    """Something of others under a name and a version; `kind` is its registry's in a purl."""

    kind: str
    name: str
    version: str
    licence: str

    @property
    def purl(self) -> str:
        return f"pkg:{self.kind}/{self.name.replace('@', '%40')}@{self.version}"


def installed() -> list[Package]:
    """Return what requirements.txt and requirements-papers.txt lock."""
    return [Package("pypi", name, version, _licence(name)) for name, version in locked()]


def locked() -> list[tuple[str, str]]:
    """Return the names and versions of packages that are locked to run with."""
    texts = (lock.read_text("utf-8") for lock in LOCKS)
    pattern = re.compile(r"^([\w.-]+)==([^ ;\\]+)", re.MULTILINE)
    return [found for text in texts for found in pattern.findall(text)]


def _licence(name: str) -> str:
    told = metadata.metadata(name)
    if "License-Expression" in told:
        return str(told["License-Expression"])
    said = told["License"].partition("\n")[0].strip() if "License" in told else ""
    classes = [
        line.rpartition("::")[2].strip()
        for line in told.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    said = said or " OR ".join(classes)
    return SPDX.get(said, said)


def vendored() -> list[Package]:
    """Return what scripts/vendor.py fetched."""
    rows = re.findall(r"^\| (\S+) ([\d.]+) \| (\S+) \|", VENDORED.read_text("utf-8"), re.MULTILINE)
    return [Package("npm", *row) for row in rows]


def files() -> dict[str, str]:
    """Return the known SHA-256 of each shipped file of others, by its path."""
    static = re.findall(r"^\| (\S+) \| `(\w{64})` \|", VENDORED.read_text("utf-8"), re.MULTILINE)
    data = (line.split() for line in HASHES.read_text("utf-8").splitlines())
    return {f"static/{path}": known for path, known in static} | {path: sha for sha, path in data}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def release() -> str:
    found = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    return found[1] if found else "unknown"


def sbom() -> dict[str, Any]:
    """Return the document; the same inventory gives the same bytes."""
    packages = [*installed(), *vendored()]
    components: list[dict[str, Any]] = [
        {
            "type": "library",
            "bom-ref": package.purl,
            "name": package.name,
            "version": package.version,
            "purl": package.purl,
            "licenses": [{"expression": package.licence}],
        }
        for package in packages
    ]
    components += [
        {
            "type": "data" if "/data/" in path else "file",
            "bom-ref": path,
            "name": path,
            "hashes": [{"alg": "SHA-256", "content": known}],
        }
        for path, known in files().items()
    ]
    own = {
        "type": "application",
        "bom-ref": "overflight",
        "name": "overflight",
        "version": release(),
        "licenses": [{"expression": "Apache-2.0"}],
    }
    content = json.dumps([own, components], sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, content)}",
        "version": 1,
        "metadata": {"component": own},
        "components": components,
        "dependencies": [
            {"ref": "overflight", "dependsOn": [one["bom-ref"] for one in components]}
        ],
    }


def licences() -> str:
    """Return the page."""
    lines = [
        "# Licences",
        "",
        "Written by `make licences`; do not edit by hand. What is installed beside Overflight, as",
        "each package says it, and what is shipped under `static/`. None of it is under the AGPL.",
        "Data: [Data](data.md). Legal texts: `NOTICE`, and those that each package brings.",
        "",
        "| Package | Version | Licence |",
        "| --- | --- | --- |",
    ]
    lines += [f"| {one.name} | {one.version} | {one.licence} |" for one in installed()]
    lines += ["", "| Shipped | Version | Licence |", "| --- | --- | --- |"]
    lines += [f"| {one.name} | {one.version} | {one.licence} |" for one in vendored()]
    return "\n".join(lines) + "\n"


def hashes() -> str:
    """Return a line for each data file, as `sha256sum --check` reads it."""
    found = sorted(path for pattern in DATA for path in ROOT.glob(pattern))
    return "".join(f"{sha256(path)}  {path.relative_to(ROOT).as_posix()}\n" for path in found)


def main(asked: str) -> None:
    if asked == "sbom":
        sys.stdout.write(json.dumps(sbom(), indent=2, ensure_ascii=False) + "\n")
    elif asked == "licences":
        LICENCES.write_text(licences(), "utf-8")
    elif asked == "hashes":
        HASHES.write_text(hashes(), "utf-8")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:] or [""])
