"""From format 1: a new row listed all its columns, and nothing said that it was new.

Rows made by one event come in the order of their names: the order in which they were made is lost.
Notes verbales were rows of a flight, with the form that they enclosed as another row, and of an
annual clearance a list in its column `notes`, which grew by one at a time.
"""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]

#: What a note of an annual clearance carried, by the verb that sent it.
ANNUAL_NOTES = {
    "request_annual": "REQUEST",
    "resubmit_annual": "REQUEST",
    "send_back_annual": "RETURN",
    "reply_annual": "REPLY",
    "suspend_annual": "SUSPENSION",
    "reinstate_annual": "REINSTATEMENT",
    "revoke_annual": "REVOCATION",
}


def upgrade(body: dict[str, Any]) -> dict[str, Any]:
    """Let notes be rows of a case, and name no row as made.

    A row that is first heard of here begins here all the same.
    """
    case, rows = body["case"], {}
    for ref, columns in body["rows"].items():
        if columns is not None and ref.split("/")[-2:-1] == ["note"]:
            columns = _of_case(columns, case)
        if columns is not None and "notes" in columns and ref.startswith("annual/"):
            columns = dict(columns)
            notes = columns.pop("notes")
            if notes:
                rows[f"{ref}/note/{len(notes)}"] = _annual_note(notes[-1], case)
        rows[ref] = columns
    return body | {"version": 2, "made": [], "rows": rows}


def _of_case(columns: Row, case: str) -> Row:
    kept = {name: value for name, value in columns.items() if name != "flight"}
    return kept | {"case": case, "enclosure": columns.get("enclosure") or ""}


def _annual_note(note: Row, case: str) -> Row:
    sender = note["from"]
    return {
        "case": case,
        "kind": ANNUAL_NOTES[note["verb"]],
        "number": note["number"],
        "sent_at": note["sent_at"],
        "from_state": sender,
        "to_state": next(state for state in case.split("-")[:2] if state != sender),
        "in_reply_to": None,
        "enclosure": "",
        "text": note["text"],
    }
