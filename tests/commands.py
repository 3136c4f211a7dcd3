"""The product's commands, called in this process."""

from __future__ import annotations

from io import StringIO

from django.core.management import CommandError, call_command


def run(command: str, *arguments: object) -> tuple[int, str]:
    """Return exit code and output of a command, with the sentence of what it refused."""
    printed = StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=printed)
    except CommandError as error:
        return error.returncode, printed.getvalue() + str(error)
    return 0, printed.getvalue()
