"""`manage.py lint PATH…`, `manage.py lint --schema KIND`: say what is wrong with data files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from control import data_files
from control.data_files import KINDS

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator

SUFFIXES = {".yaml", ".yml", ".csv", ".geojson"}


class Command(BaseCommand):
    """Hold files outside the project against the schemas that the shipped ones keep."""

    help = "Say what is wrong with files of data, by file and line; or print a JSON schema."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="file or folder")
        parser.add_argument(
            "--schema", choices=KINDS, metavar="KIND", help=f"one of: {', '.join(KINDS)}"
        )

    def handle(self, *args: Any, paths: list[Path], schema: str | None, **options: Any) -> None:
        if bool(paths) == bool(schema):
            raise CommandError("Give files or folders, or --schema with a kind.", returncode=2)
        if schema:
            found = data_files.schema(KINDS[schema])
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        files = {file: path for path in paths for file in _files(path)}
        faulty = [file for file, asked in files.items() if not self.is_fine(file, asked)]
        if faulty:
            raise CommandError(f"Files with faults: {len(faulty)} of {len(files)}.")

    def is_fine(self, path: Path, asked: Path) -> bool:
        """Print what a file was taken for and what is wrong with it; say whether it can be used.

        A file of no kind is passed over in a folder, and a fault where it was `asked` about.
        """
        kind = data_files.kind_of(path)
        if kind is None:
            word = "This is" if path == asked else "Passed over:"
            self.stdout.write(f"{path}:1: {word} no kind of file known ({', '.join(KINDS)}).")
            return path != asked
        self.stdout.write(f"{path}: taken for: {kind.name}")
        found = data_files.faults(kind, path)
        for fault in found:
            self.stdout.write(f"{fault.path}:{fault.line}: {fault.sentence}")
        return not found


def _files(path: Path) -> Iterator[Path]:
    """Give a file, or what a folder holds that may be data. Raises `CommandError`."""
    if path.is_dir():
        yield from sorted(one for one in path.rglob("*") if one.suffix in SUFFIXES)
    elif path.is_file():
        yield path
    else:
        raise CommandError(f"There is no file or folder {path}.", returncode=2)
