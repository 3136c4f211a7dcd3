"""Files of data, held against a schema: what is wrong with one is told by file and line.

A schema is a model of pydantic and is the typed value at the same time. YAML 1.2, JSON and CSV with
a head line are read; a bare date of YAML is a date, a bare moment is UTC.
"""

from __future__ import annotations

import csv
import difflib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationError, model_validator
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError
from pydantic_core.core_schema import no_info_after_validator_function
from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError, SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: The project's folder; files in it are called by their path from here.
ROOT = Path(__file__).parent.parent

#: Where in a file: the keys, and the numbers of items from 0.
Place = tuple[str | int, ...]

#: A fault that the types cannot see: where, and a sentence.
Misfit = tuple[Place, str]

MERGE = "tag:yaml.org,2002:merge"

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file, in a sentence, and the line, from 1, that says so."""

    path: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: {self.sentence}"


class BadFile(Exception):  # noqa: N818 - it says what is bad
    """A file does not hold what its schema asks for; `faults` are all of them, in order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(map(str, self.faults)))


class Record(BaseModel):
    """A map of a file: its keys and no other, and never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    def misfits(self) -> Iterator[Misfit]:
        """Give what does not fit together within the record, by place from here."""
        yield from ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if found := [*self.misfits()]:
            raise ValidationError.from_exception_data(
                type(self).__name__,
                [
                    InitErrorDetails(
                        type=PydanticCustomError("misfit", "{sentence}", {"sentence": sentence}),
                        loc=place,
                        input=None,
                    )
                    for place, sentence in found
                ],
            )
        return self


class Written:
    """Annotates a value that stands in the file as `schema` has it: `turn` makes the one of it."""

    def __init__(self, schema: Any, turn: Callable[[Any], Any]) -> None:
        self.schema = schema
        self.turn = turn

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return no_info_after_validator_function(self.turn, handler.generate_schema(self.schema))


def read(path: Path, model: type[Model], *checks: Callable[[Model], Iterable[Misfit]]) -> Model:
    """Read a file as `model`; `checks` hold the value against what the model cannot know.

    Raises `BadFile` with every fault found.
    """
    data, line_of = (_table if path.suffix == ".csv" else _document)(path)
    try:
        value = model.model_validate(data)
    except ValidationError as error:
        found = [(one["loc"], _sentence(one, model)) for one in error.errors(include_url=False)]
    else:
        found = [
            (place, fault_at(place, sentence))
            for check in checks
            for place, sentence in check(value)
        ]
        if not found:
            return value
    raise BadFile(Fault(called(path), line_of(place), sentence) for place, sentence in found)


def called(path: Path) -> str:
    """Return how a file is called in a fault: by its path in the project, if it lies there."""
    whole = path.resolve()
    return str(whole.relative_to(ROOT) if whole.is_relative_to(ROOT) else path)


def fault_at(place: Place, sentence: str) -> str:
    """Return a sentence with its place in front of it; items are counted from 1."""
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    return f"{where}: {sentence}" if where else sentence


def is_near(word: str, known: Iterable[str]) -> str:
    """Return a clause that helps whoever wrote `word` for one of the `known`."""
    known = sorted(known)
    if near := difflib.get_close_matches(word, known, n=1):
        return f"did you mean {near[0]}?"
    return f"there are: {', '.join(known)}" if known else "there are none"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        sentence = f"The file cannot be read: {error.strerror}."
    except UnicodeDecodeError:
        sentence = "The file is not in UTF-8."
    raise BadFile([Fault(called(path), 1, sentence)])


def _table(path: Path) -> tuple[list[dict[str, str]], Callable[[Place], int]]:
    reader = csv.DictReader(_text(path).splitlines(), restkey="beyond the last column")
    rows, lines = [], [1]
    for row in reader:
        rows.append(row)
        lines.append(reader.line_num)

    def line_of(place: Place) -> int:
        return lines[place[0] + 1] if place and isinstance(place[0], int) else 1

    return rows, line_of


class _Constructor(SafeConstructor):
    """Plain values only; what is written as a date has to be one."""

    def construct_yaml_timestamp(self, node: Node, values: Any = None) -> Any:
        try:
            found = super().construct_yaml_timestamp(node, values)
        except ValueError:
            raise ConstructorError(
                problem=f"{node.value} is no date of the calendar", problem_mark=node.start_mark
            ) from None
        if isinstance(found, datetime) and found.tzinfo is None:
            return found.replace(tzinfo=UTC)
        return found


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _Constructor.construct_yaml_timestamp)


def _document(path: Path) -> tuple[Any, Callable[[Place], int]]:
    text = _text(path)
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Constructor
    yaml.allow_duplicate_keys = True  # all of them are told below, each by its line
    try:
        root = yaml.compose(text)
        if twice := [*_twice(root, seen=set())]:
            raise BadFile(Fault(called(path), line, sentence) for line, sentence in twice)
        data = yaml.constructor.construct_document(root) if root else None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, problem = mark.line + 1 if mark else 1, error.problem or error.context
    except YAMLError as error:
        line, problem = 1, str(error).splitlines()[0]
    except RecursionError:
        line, problem = 1, "the file is nested too deeply"
    else:
        return data, lambda place: _line(root, place)
    sentence = f"This cannot be read: {problem}."
    raise BadFile([Fault(called(path), line, sentence)])


def _twice(node: Node | None, *, seen: set[int]) -> Iterator[tuple[int, str]]:
    """Give the keys that stand twice in a map, where they stand again."""
    if id(node) in seen or not isinstance(node, MappingNode | SequenceNode):
        return
    seen.add(id(node))
    if isinstance(node, SequenceNode):
        for item in node.value:
            yield from _twice(item, seen=seen)
        return
    lines: dict[str, int] = {}
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in lines:
            yield line, f"{name}: stands here again; it stands in line {lines[name]} already."
        lines.setdefault(name, line)
        yield from _twice(value, seen=seen)


def _line(node: Node | None, place: Place) -> int:
    """Return the line of a place, or of what would hold it."""
    line = 1
    for part in place:
        found = _child(node, part)
        if found is None:
            break
        line, node = found
    return line


def _child(node: Node | None, part: str | int) -> tuple[int, Node] | None:
    """Return what stands under a key or number, with the line where it begins."""
    if isinstance(node, SequenceNode):
        if isinstance(part, int) and part < len(node.value):
            item = node.value[part]
            return item.start_mark.line + 1, item
        return None
    if not isinstance(node, MappingNode):
        return None
    for key, value in node.value:
        if key.value == str(part):
            return key.start_mark.line + 1, value
    for key, value in node.value:
        if key.tag == MERGE:
            merged = value.value if isinstance(value, SequenceNode) else [value]
            for one in merged:
                if found := _child(one, part):
                    return found
    return None


def _sentence(error: Any, model: type[BaseModel]) -> str:
    """Say in our words what pydantic found."""
    place, given = error["loc"], error["input"]
    match error["type"]:
        case "misfit":
            return fault_at(place, error["msg"])
        case "missing":
            return fault_at(place, "is missing.")
        case "extra_forbidden":
            known = _keys(model.model_json_schema(), place[:-1])
            return fault_at(place, f"is no key here; {is_near(str(place[-1]), known)}")
    problem = re.sub("^(Input|Value error,|String|Tuple|Dictionary) ", "", error["msg"])
    if not isinstance(given, dict | list):
        problem += ", not nothing" if given is None else f", not {str(given)!r}"
    return fault_at(place, f"{problem}.")


def _keys(schema: dict[str, Any], place: Place) -> Iterable[str]:
    """Return the keys that a JSON schema knows at a place."""
    here = _resolved(schema, schema)
    for part in place:
        below = here.get("properties", {}).get(part)
        below = below or here.get("additionalProperties") or here.get("items") or {}
        here = _resolved(schema, below)
    return list(here.get("properties", {}))


def _resolved(schema: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    here = next((one for one in here.get("anyOf", ()) if one.get("type") != "null"), here)
    name = here.get("$ref", "").rpartition("/")[2]
    return schema["$defs"][name] if name else here
