"""Parameters that verbs of several rooms take."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from audit.parameters import line, text

REASON = text("reason", _("reason"), _("Give the reason."))

MISSING = text(
    "missing",
    _("what is missing, item by item"),
    _("Say what is missing, item by item."),
)

NOTE_NUMBER = line(
    "note_number",
    _("note number"),
    _("Enter the note number."),
    most=30,
    hint=_("As your ministry or mission numbers its notes; each number once."),
)
