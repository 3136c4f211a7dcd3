"""What is wrong with what somebody gave, in English sentences that upper rooms can translate."""

from __future__ import annotations


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the catalogue."""
    return sentence


class AirspaceError(ValueError):
    """`code` names it; `template % params` is a sentence that helps, and `str()` gives it."""

    def __init__(self, code: str, template: str, **params: str) -> None:
        super().__init__(template % params)
        self.code = code
        self.template = template
        self.params = params
