"""The rules: what a desk must check. What a complete form is says `transit.completeness`.

Each rule has one readable place in a chapter, with its code, severity and source above it;
`findings` runs those of the exercise's rule set on a revision.
"""

from rules.book import LATEST, VERSIONS, Finding, Matter, Rule, findings, rule_set
from transit.severity import Severity

__all__ = ["LATEST", "VERSIONS", "Finding", "Matter", "Rule", "Severity", "findings", "rule_set"]
