"""The rules: what a complete form is, and what a desk must check.

`completeness` says what keeps a form from going out. The other modules hold the rules with codes,
one readable place each; `findings` runs those of the exercise's rule set on a revision.
"""

from transit.rules.book import LATEST, Case, Finding, Rule, drawn, findings, rule_set
from transit.rules.completeness import MANDATORY, faults, require_complete
from transit.severity import Severity

__all__ = [
    "LATEST",
    "MANDATORY",
    "Case",
    "Finding",
    "Rule",
    "Severity",
    "drawn",
    "faults",
    "findings",
    "require_complete",
    "rule_set",
]
