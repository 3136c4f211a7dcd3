"""What `airspace` finds wrong with a route or a flight plan, in the language of the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

if TYPE_CHECKING:
    from airspace.errors import AirspaceError


def sentence(error: AirspaceError) -> str:
    """Return the sentence of an error, translated."""
    return gettext(error.template) % error.params
