"""The sentences of errors can be translated."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import airspace

SENTENCE_ENDS = (".", "?")
SOURCES = sorted(Path(airspace.__file__).parent.glob("*.py"))


def unmarked(node: ast.AST) -> list[str]:
    """The sentences below a node that the catalogue would not have."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
        return []
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.endswith(SENTENCE_ENDS)
    ):
        return [node.value]
    return [text for child in ast.iter_child_nodes(node) for text in unmarked(child)]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_every_sentence_of_an_error_is_marked_for_the_catalogue(source: Path) -> None:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = {it.id for it in ast.walk(node.exc) if isinstance(it, ast.Name)}
            if raised & {"RouteError", "PlanError"}:
                assert unmarked(node.exc) == []
