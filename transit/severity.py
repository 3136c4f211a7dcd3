"""How grave it is what a check finds: one scale for rules, dangerous goods and flight plans."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """What a finding asks of the host."""

    #: Nothing is authorized or released while it stands.
    BLOCK = "block"
    #: Accepted with a reason, asked, or refused.
    QUERY = "query"
    #: To be known.
    NOTIFY = "notify"
