"""Fetch the third-party files under static/vendor/ and write down where they came from.

For developers only: `python scripts/vendor.py` needs npm and the network. The result is committed,
so running Overflight needs neither.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
SPRITE = ROOT / "static" / "icons.svg"

TABLER = "@tabler/core@1.6.1"
ICON_SET = "@tabler/icons@3.51.0"
INTER = "@fontsource-variable/inter@5.3.0"
PLEX = "@fontsource/ibm-plex-mono@5.3.0"
IDIOMORPH = "idiomorph@0.8.0"
LEAFLET = "leaflet@1.9.4"

SUBSETS = ("cyrillic-ext", "cyrillic", "latin-ext", "latin")

ICONS = """
    alert-circle alert-triangle arrow-back-up arrow-narrow-right ban calendar calendar-due check
    chevron-down circle circle-check circle-minus circle-x clock clock-pause contrast file-check
    file-text flag gavel help history hourglass id inbox info-circle keyboard list-check lock
    logout mail message message-question minus moon note pencil plane plane-arrival
    plane-departure plane-inflight player-pause player-play player-stop player-track-next plus
    route rubber-stamp search send shield-check stairs sun trash user users x
"""


@dataclass(frozen=True)
class Package:
    """An unpacked npm package."""

    spec: str
    folder: Path

    @property
    def manifest(self) -> dict[str, str]:
        return dict(json.loads((self.folder / "package.json").read_text()))

    def text(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    def keep_licence(self, name: str) -> None:
        found = [p for p in self.folder.iterdir() if p.stem.upper() == "LICENSE"]
        if found:
            shutil.copyfile(found[0], VENDOR / f"LICENSE.{name}.txt")


def fetch(spec: str, into: Path) -> Package:
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not installed; only this script needs it.")
    packed = subprocess.run(  # noqa: S603
        [npm, "pack", spec, "--silent"], cwd=into, check=True, capture_output=True, text=True
    )
    archive = into / packed.stdout.split()[-1]
    folder = archive.with_suffix("")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return Package(spec, folder / "package")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.rstrip() + "\n", encoding="utf-8")


def tabler(package: Package) -> None:
    """Tabler's sheet in a cascade layer of its own, so that our rules win by order, not by weight.

    Images given as data: would need a hole in the content security policy; they become files.
    """
    css = package.text("dist/css/tabler.min.css")
    css = css.removeprefix('@charset "UTF-8";')
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)

    def as_file(match: re.Match[str]) -> str:
        image = unquote(match["svg"])
        name = f"{hashlib.sha256(image.encode()).hexdigest()[:8]}.svg"
        write(VENDOR / "tabler" / name, image)
        return f'url("tabler/{name}")'

    css = re.sub(r'url\("data:image/svg\+xml,(?P<svg>[^"]*)"\)', as_file, css)
    write(VENDOR / "tabler.min.css", f"@layer vendor {{\n{css}\n}}")


def fonts(inter: Package, plex: Package) -> None:
    """Inter for text, IBM Plex Mono for times and identifiers; Turkish and Kazakh included."""
    sheets = [(inter, "wght.css", "Inter Variable", "Inter")]
    sheets += [(plex, f"{w}.css", "IBM Plex Mono", "IBM Plex Mono") for w in (400, 500, 600)]
    faces = []
    for package, sheet, family, ours in sheets:
        for face in re.findall(r"@font-face \{.*?\}", package.text(sheet), re.DOTALL):
            file = re.search(r"files/(?P<name>\S+?\.woff2)", face)
            if file is None or not any(f"-{s}-{_style(sheet)}" in file["name"] for s in SUBSETS):
                continue
            (VENDOR / "fonts").mkdir(parents=True, exist_ok=True)
            shutil.copyfile(
                package.folder / "files" / file["name"], VENDOR / "fonts" / file["name"]
            )
            face = re.sub(r"src: .*;", f'src: url("fonts/{file["name"]}") format("woff2");', face)
            faces.append(face.replace(f"'{family}'", f'"{ours}"'))
    write(VENDOR / "fonts.css", "\n".join(faces))


def _style(sheet: str) -> str:
    return f"{Path(sheet).stem}-normal"


def leaflet(package: Package) -> None:
    """The map: its script without the reference to a source map, its sheet in the same layer."""
    script = re.sub(r"//# sourceMappingURL=.*", "", package.text("dist/leaflet.js"))
    write(VENDOR / "leaflet.js", script)
    css = package.text("dist/leaflet.css")
    for image in re.findall(r"url\(images/(\S+?)\)", css):
        (VENDOR / "leaflet").mkdir(exist_ok=True)
        shutil.copyfile(package.folder / "dist/images" / image, VENDOR / "leaflet" / image)
    css = css.replace("url(images/", "url(leaflet/")
    write(VENDOR / "leaflet.css", f"@layer vendor {{\n{css}\n}}")


def sprite(package: Package) -> None:
    """One file with the icons in use; the tag `icon` refers to them by name."""
    ET.register_namespace("", "http://www.w3.org/2000/svg")
    svg = "{http://www.w3.org/2000/svg}"
    root = ET.Element(f"{svg}svg")
    for name in sorted(ICONS.split()):
        source = ET.fromstring(package.text(f"icons/outline/{name}.svg"))  # noqa: S314
        symbol = ET.SubElement(root, f"{svg}symbol", {"id": name, "viewBox": "0 0 24 24"})
        symbol.extend(
            ET.Element(child.tag, child.attrib)
            for child in source
            if child.attrib.get("stroke") != "none"
        )
    ET.indent(root)
    write(SPRITE, ET.tostring(root, encoding="unicode"))


def record(packages: dict[str, tuple[Package, str]]) -> None:
    lines = [
        "# Vendored files",
        "",
        "Written by `scripts/vendor.py`; do not edit by hand.",
        "",
        "| Package | Licence | What we keep |",
        "| --- | --- | --- |",
    ]
    for package, kept in packages.values():
        manifest = package.manifest
        lines.append(
            f"| {manifest['name']} {manifest['version']} | {manifest['license']} | {kept} |"
        )
    lines += ["", "| File | SHA-256 |", "| --- | --- |"]
    files = sorted(p for p in VENDOR.rglob("*") if p.is_file() and p.name != "VENDORED.md")
    for path in [SPRITE, *files]:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"| {path.relative_to(VENDOR.parent).as_posix()} | `{digest}` |")
    write(VENDOR / "VENDORED.md", "\n".join(lines))


def main() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as temporary:
        into = Path(temporary)
        core, icons, inter, plex, morph, chart = (
            fetch(spec, into) for spec in (TABLER, ICON_SET, INTER, PLEX, IDIOMORPH, LEAFLET)
        )
        tabler(core)
        fonts(inter, plex)
        sprite(icons)
        leaflet(chart)
        write(VENDOR / "idiomorph-ext.min.js", morph.text("dist/idiomorph-ext.min.js"))
        for name, package in {
            "icons": icons,
            "inter": inter,
            "plex": plex,
            "idiomorph": morph,
            "leaflet": chart,
        }.items():
            package.keep_licence(name)
        record(
            {
                "tabler": (core, "the sheet, in `@layer vendor`, its data: images as files"),
                "icons": (icons, f"{len(ICONS.split())} icons as one sprite, `icons.svg`"),
                "inter": (inter, "upright, variable weight, Latin and Cyrillic"),
                "plex": (plex, "upright 400, 500, 600, Latin and Cyrillic"),
                "morph": (morph, "the htmx extension"),
                "leaflet": (chart, "the script, the sheet in `@layer vendor` and its images"),
            }
        )


if __name__ == "__main__":
    main()
