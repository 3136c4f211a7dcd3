"""What a role-played planner makes of a question or a return: it mends, or holds to what it said.

Of a dossier the key says what the items were before a mistake was planted: that mends it. What is
forgotten, and on what the planner insists, follows from its profile and from dice, one throw for
each question or return and kind of mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from approvals import facts
from casework.models import NoteKind
from exercises.models import Role
from exercises.recorded import encode
from roleplay.profiles import profiles
from scenarios import book
from scenarios.lots import Lots
from scenarios.models import Assignment
from transit.drafting import ROWS, TABLES
from transit.models import Revision

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Field, Model

    from approvals.models import Question
    from exercises.models import Seat
    from roleplay.profiles import Profile
    from transit.models import FlightRequest

#: What a draft says, as the verb `edit` takes it.
Said = dict[str, Any]


def planner(flight: FlightRequest) -> Profile | None:
    """Return the profile of the planner, None where a person sits there, or nobody."""
    seat = _seat(flight)
    profile = profiles().get(flight.exercise.cast.get(seat.key, ""))
    return profile if profile and profile.acts and seat.holder_id is None else None


def of_question(question: Question) -> Said:
    """Return what the planner mends upon a question, by item and table; empty where nothing."""
    flight = question.flight
    asked = [one for one in _defects(flight) if _is_about(one, question)]
    return _mends(flight, asked, question.ref)


def of_questions(flight: FlightRequest) -> Said:
    """Return what the planner mends upon all the questions that are open."""
    said: Said = {}
    for question in flight.questions.all():
        if question.is_open:
            said |= of_question(question)
    return said


def of_return(flight: FlightRequest) -> Said:
    """Return what the planner mends upon the last return: all that it sees."""
    return _mends(flight, _defects(flight), f"{flight.ref} {returns(flight)}")


def returns(flight: FlightRequest) -> int:
    """Say how often the request has come back."""
    return sum(1 for note in flight.notes if note.kind == NoteKind.RETURN)


def is_mended(form: Revision, said: Said) -> bool:
    """Say whether a form says that already."""
    return all(_says(form, name) == _meant(name, value) for name, value in said.items())


def edited(form: Revision, said: Said) -> dict[str, Any]:
    """Return the form and its tables with that mended, as the verb `edit` takes them."""
    items = {name: getattr(form, name) for name in Revision.form_items()}
    items |= {
        name: Revision._meta.get_field(name).get_default() if value is None else value  # type: ignore[union-attr]
        for name, value in said.items()
        if name in items
    }
    found: dict[str, Any] = {"form": items}
    for kind, table in TABLES.items():
        names = ROWS[kind][1]
        rows = [{name: getattr(row, name) for name in names} for row in getattr(form, table).all()]
        found[table] = said.get(table, rows)
    return found


def answer(question: Question) -> str:
    """Return what is answered: what is mended, what only seems wrong and why, what is meant so."""
    flight = question.flight
    mended = of_question(question)
    lines = []
    if mended:
        lines.append(_("Mended on the form enclosed: %(facts)s.") % {"facts": _called(mended)})
    key = _key(flight)
    for one in key.get("decoys", ()):
        decoy = book.decoys().get(one["kind"])
        if decoy is not None and _is_about({"codes": decoy.codes, **one}, question):
            lines.append(str(decoy.says))
    kept: Said = {}
    for one in _defects(flight):
        if _is_about(one, question):
            kept |= {name: "" for name in key["mends"][one["kind"]] if name not in mended}
    if kept:
        lines.append(_("As it was meant: %(facts)s.") % {"facts": _called(kept)})
    if not lines and flight.draft:
        return _("Your question is answered by the form enclosed.")
    return "\n".join(lines) or _(
        "Your question is answered as follows: the particulars on the form stand."
    )


def _seat(flight: FlightRequest) -> Seat:
    seats = flight.exercise.seats.all()
    return next(
        one for one in seats if (one.state, one.role) == (flight.requesting_state, Role.PLANNER)
    )


def _key(flight: FlightRequest) -> dict[str, Any]:
    """Return the key of the dossier, empty where the request is none."""
    given = Assignment.objects.filter(flight=flight.pk).first()
    key: dict[str, Any] = given.key if given else {}
    return key


def _defects(flight: FlightRequest) -> list[dict[str, Any]]:
    """Return the mistakes of the form that can be mended."""
    key = _key(flight)
    mends = key.get("mends", {})
    return [one for one in key.get("defects", ()) if {*mends.get(one["kind"], ())} - {"plan"}]


def _mends(flight: FlightRequest, defects: Iterable[dict[str, Any]], upon: str) -> Said:
    """Return what mends these, but for what the planner forgets or insists on."""
    profile, mends = planner(flight), _key(flight).get("mends", {})
    said: Said = {}
    for one in defects:
        lots = Lots(f"{flight.exercise.seed} {upon} {one['kind']}")
        if profile and not lots.falls(profile.overlooks) and not lots.falls(profile.insists):
            said |= mends[one["kind"]]
    return {name: value for name, value in said.items() if name != "plan"}


def _is_about(defect: dict[str, Any], question: Question) -> bool:
    """Say whether a question is about a mistake.

    By the findings that it cites and what its desk marked; where it has neither, by its desk.
    """
    flight = question.flight
    cited = {
        one.finding.partition(":")[0]
        for one in flight.checks.all()
        if one.question_id == question.pk
    }
    marks = [
        one
        for one in flight.marks.all()
        if one.made_by_id == question.asked_by_id and one.withdrawn_at is None
    ]
    codes = cited | {one.code for one in marks if one.code}
    pointed = {fact for one in marks if not one.code for fact in one.facts}
    if codes or pointed:
        return bool(codes & {*defect["codes"]} or pointed & {*defect["facts"]})
    return bool(defect.get("desk") == question.desk)


def _called(said: Iterable[str]) -> str:
    """Name items and tables."""
    names = facts.to_mark(of_plan=False)
    tables = {"crossings": _("crossings"), "goods": _("dangerous goods")}
    return ", ".join(tables.get(name) or names.get(name, name) for name in said)


def _says(form: Revision, name: str) -> Any:
    """Return what a form says in an item or a table, as the record writes it."""
    for kind, table in TABLES.items():
        if name == table:
            rows = getattr(form, table).all()
            return [{item: encode(getattr(row, item)) for item in ROWS[kind][1]} for row in rows]
    return encode(getattr(form, name))


def _meant(name: str, value: Any) -> Any:
    """Return what a mend means, as the record writes it."""
    for kind, table in TABLES.items():
        if name == table:
            model, items = ROWS[kind]
            return [{item: _value(model, item, row.get(item)) for item in items} for row in value]
    return _value(Revision, name, value)


def _value(model: type[Model], name: str, value: Any) -> Any:
    field: Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]
    return encode(field.get_default() if value is None else field.to_python(value))
