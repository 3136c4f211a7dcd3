#!/usr/bin/env python3
"""Verify an exported record without Overflight: one file, Python 3.11 and nothing else.

    verify_export.py RECORD.jsonl
    verify_export.py RECORD.jsonl CHECKPOINT.txt KEY [NUMBER]

Follows the chain of hashes from the first event to the head, and holds its first events against a
checkpoint that KEY signed (`name+id+key`, as `manage.py checkpoint --key` prints it). NUMBER
chooses an exercise where the file holds checkpoints of several. To check the signature it needs
the package `cryptography`. What it reads is described in docs/reference/record.md; it shares no
code with the product, on purpose. Exit code 0: intact; 1: broken; 2: could not be told.
"""

import base64
import hashlib
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class Broken(Exception):  # noqa: N818 - what the record is
    """The record does not hold."""


class CouldNotTell(Exception):  # noqa: N818 - the third answer
    """What was given cannot be used."""


def hashes_of(record: Path) -> list[bytes]:
    """Follow the chain; return the hash of each event."""
    with record.open(encoding="utf-8", newline="\n") as lines:
        head = json.loads(next(lines, "null"))
        if not isinstance(head, dict) or head.get("file") != "overflight record":
            raise CouldNotTell(f"{record} is no exported record.")
        if head.get("layout") != 1:
            raise CouldNotTell(f"{record} is laid out by version {head.get('layout')}, not 1.")
        found, previous = [], ""
        for number, line in enumerate(lines, start=1):
            try:
                previous = follow(previous, number, json.loads(line))
            except (LookupError, TypeError, ValueError) as error:
                raise Broken(f"line {number + 1} holds no event: {error!r}") from error
            found.append(bytes.fromhex(previous))
    if len(found) != head["seq"]:
        raise Broken(f"{len(found)} events instead of {head['seq']}")
    if previous != head["head"]:
        raise Broken("the head does not match the last event")
    return found


def follow(previous: str, number: int, event: dict[str, Any]) -> str:
    """Return the hash of an event that follows from the one before it."""
    moment = datetime.fromisoformat(event["recorded_at"]).astimezone(UTC)
    covered = f"{previous}|{number}|{moment.isoformat(timespec='microseconds')}|{event['body']}"
    hashed = hashlib.sha256(covered.encode()).hexdigest()
    if event["seq"] != number:
        raise Broken(f"event {number} is missing")
    if event["hash"] != hashed:
        raise Broken(f"event {number} does not follow from the one before it")
    if json.loads(event["body"])["case"] != event["case"]:
        raise Broken(f"event {number} is filed under another case")
    return hashed


def root(leaves: list[bytes]) -> bytes:
    """Return the root of a Merkle tree as RFC 9162, 2.1.1 defines it."""
    if len(leaves) < 2:
        return hashlib.sha256(b"\x00" + leaves[0] if leaves else b"").digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1  # the largest power of two below the number
    return hashlib.sha256(b"\x01" + root(leaves[:half]) + root(leaves[half:])).digest()


def checkpoint_of(notes: str, key: str, number: str | None) -> tuple[int, bytes]:
    """Return size and root of the one checkpoint that is asked for, once its signature holds."""
    name, key_id, encoded = key.strip().split("+", 2)
    typed = base64.b64decode(encoded, validate=True)
    if hashlib.sha256(name.encode() + b"\n" + typed).hexdigest()[:8] != key_id or typed[0] != 1:
        raise CouldNotTell("The line of the key is not whole.")
    found = []
    for text, signed_by, signature in re.findall(r"((?:.+\n){3,})\n— (\S+) (\S+)\n", notes):
        origin, size, top = text.split("\n")[:3]
        if number is None or origin.endswith(f"/exercise/{number}"):
            verify(text, signed_by, base64.b64decode(signature), name=name, typed=typed)
            if not origin.startswith(f"{name}/exercise/"):
                raise CouldNotTell(f"{origin} is no exercise of {name}.")
            found.append((int(size), base64.b64decode(top, validate=True)))
    if len(found) != 1:
        raise CouldNotTell(f"{len(found)} checkpoints instead of one: give the exercise's NUMBER.")
    return found[0]


def verify(text: str, signed_by: str, signature: bytes, *, name: str, typed: bytes) -> None:
    """Check an Ed25519 signature in the form of a C2SP signed note."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key_id = hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4]
    try:
        if signed_by != name or signature[:4] != key_id:
            raise InvalidSignature
        Ed25519PublicKey.from_public_bytes(typed[1:]).verify(signature[4:], text.encode())
    except InvalidSignature:
        raise CouldNotTell(f"The checkpoint was not signed by {name}, or changed since.") from None


def main(record: str, notes: str = "", key: str = "", number: str | None = None) -> str:
    """Return what was found. Raises `Broken`, `CouldNotTell`, and what reading raises."""
    signed = checkpoint_of(Path(notes).read_text("utf-8"), key, number) if notes else None
    hashes = hashes_of(Path(record))
    if signed is None:
        return f"intact, {len(hashes)} events"
    size, top = signed
    if size > len(hashes):
        raise Broken(f"the checkpoint was made of {size} events, and there are {len(hashes)}")
    if root(hashes[:size]) != top:
        raise Broken(f"its first {size} events are not those of the checkpoint")
    return f"intact, {len(hashes)} events, the first {size} as signed"


if __name__ == "__main__":
    if len(sys.argv) not in (2, 4, 5):
        sys.exit(__doc__)
    try:
        print(main(*sys.argv[1:]))
    except Broken as broken:
        print(f"BROKEN: {broken}")
        sys.exit(1)
    except (CouldNotTell, OSError, ImportError, LookupError, TypeError, ValueError) as error:
        print(f"could not be told: {error}")
        sys.exit(2)
