"""Checkpoints: how a record stood, signed, in a form that leaves the machine.

A checkpoint is a signed note (C2SP signed-note, Ed25519) whose text is a checkpoint of a log (C2SP
tlog-checkpoint): origin, number of events, and the root of a Merkle tree (RFC 9162, 2.1.1) over
their hashes. Whoever owns the database can rewrite a record as a whole; a note on paper stays.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from django.conf import settings

from audit import keys
from audit.models import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from exercises.models import Exercise

#: The kind of signature, in keys and key ids: Ed25519.
_ED25519 = b"\x01"

#: A note: lines of text, an empty one, lines with a signature each.
_NOTE = re.compile(r"((?:[^\n—][^\n]*\n)+)\n((?:— [^\n]+\n)+)\n*")

_SIGNATURE = re.compile(r"— (\S+) (\S+)\n")

_TEXT = re.compile(r"(\S+)/exercise/([1-9]\d{0,18})\n(0|[1-9]\d{0,18})\n(\S{44})\n")


class Unusable(ValueError):  # noqa: N818 - what the key or the note is
    """A key or a checkpoint that says nothing; the text says why and what to do."""


@dataclass(frozen=True)
class Checkpoint:
    """That exercise `number` of the installation `of` had `size` events with the root `root`."""

    of: str
    number: int
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.of}/exercise/{self.number}\n{self.size}\n{_base64(self.root)}\n"


@dataclass(frozen=True)
class Key:
    """A key that signatures can be checked with, and its name: that of the installation."""

    name: str
    public: Ed25519PublicKey

    @property
    def id(self) -> bytes:
        """What a signature names it by: the first four bytes of a hash over name and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + self._typed).digest()[:4]

    @property
    def line(self) -> str:
        """The key as others are given it: `name+id+key`, a C2SP vkey."""
        return f"{self.name}+{self.id.hex()}+{_base64(self._typed)}"

    @property
    def _typed(self) -> bytes:
        return _ED25519 + self.public.public_bytes_raw()

    @classmethod
    def read(cls, line: str) -> Key:
        """Return the key of such a line. Raises `Unusable`."""
        name, _, rest = line.strip().partition("+")
        stated, _, encoded = rest.partition("+")
        try:
            typed = base64.b64decode(encoded, validate=True)
            key = cls(name, Ed25519PublicKey.from_public_bytes(typed[1:]))
        except (ValueError, binascii.Error):
            typed = b""
        if not typed.startswith(_ED25519) or not name or key.id.hex() != stated:
            raise Unusable(f"This is no key of a checkpoint: {line.strip()[:80]!r}.")
        return key


@dataclass(frozen=True)
class Signer:
    """The key of this installation."""

    private: Ed25519PrivateKey

    @property
    def key(self) -> Key:
        """What others check its signatures with. It is named after itself."""
        public = self.private.public_key()
        return Key(
            f"overflight/{hashlib.sha256(public.public_bytes_raw()).hexdigest()[:12]}", public
        )

    def note(self, exercise: Exercise) -> str:
        """Return a checkpoint of the whole record, signed; the caller asks if it is intact."""
        hashes = _hashes(exercise)
        checkpoint = Checkpoint(self.key.name, exercise.pk, len(hashes), root(hashes))
        signature = self.key.id + self.private.sign(checkpoint.text.encode())
        return f"{checkpoint.text}\n— {self.key.name} {_base64(signature)}\n"


def signer(*, make: bool = True) -> Signer:
    """Return the key kept in `VAR_DIR`, made at first need. Raises `Unusable`, or `OSError`."""
    path: Path = settings.VAR_DIR / "checkpoint_key"
    if make and not path.exists():
        keys.keep(path, Ed25519PrivateKey.generate().private_bytes_raw().hex() + "\n")
    try:
        kept = bytes.fromhex(path.read_text("utf-8"))
        return Signer(Ed25519PrivateKey.from_private_bytes(kept))
    except FileNotFoundError as error:
        raise Unusable(
            "This installation has signed no checkpoint: give the line of the key that did."
        ) from error
    except ValueError as error:
        raise Unusable(
            f"{path} holds no whole key: bring back the one that was there. Without the file the "
            "next checkpoint makes a new key; older ones need the line of the old."
        ) from error


def read(notes: str, *, key: Key) -> list[Checkpoint]:
    """Return the checkpoints of a file that `key` signed, one for each exercise or several.

    Raises `Unusable` for one that was changed, or that somebody else signed.
    """
    found, ends = [], 0
    for match in _NOTE.finditer(notes):
        if match.start() != ends:
            break
        ends = match.end()
        text, signatures = match.groups()
        if not _is_signed(text, signatures, key):
            raise Unusable(
                f"The checkpoint of {text.splitlines()[0]!r} was not signed by {key.name}, or "
                "changed since."
            )
        found.append(_parsed(text, key))
    if not found or ends != len(notes):
        raise Unusable("The file holds no checkpoints, or not only whole ones.")
    return found


def broken_by(checkpoint: Checkpoint, exercise: Exercise) -> str:
    """Return how the record of `exercise` contradicts a checkpoint; empty: it grew out of that."""
    hashes = _hashes(exercise)
    if len(hashes) < checkpoint.size:
        return f"the checkpoint was made of {checkpoint.size} events, and there are {len(hashes)}"
    if root(hashes[: checkpoint.size]) != checkpoint.root:
        return f"its first {checkpoint.size} events are not those of the checkpoint"
    return ""


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root of the Merkle tree over `leaves`, as RFC 9162, 2.1.1 has it."""
    whole: list[tuple[int, bytes]] = []  # trees that are full, by height, the highest first
    for leaf in leaves:
        tree = 0, hashlib.sha256(b"\x00" + leaf).digest()
        while whole and whole[-1][0] == tree[0]:
            tree = tree[0] + 1, _node(whole.pop()[1], tree[1])
        whole.append(tree)
    if not whole:
        return hashlib.sha256().digest()
    _height, top = whole.pop()
    while whole:
        top = _node(whole.pop()[1], top)
    return top


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _hashes(exercise: Exercise) -> list[bytes]:
    """Return the leaves: the hash of each event, as bytes; of one that is none, as it stands."""
    events = Event.objects.filter(exercise=exercise).in_order()
    return [_leaf(hash_) for hash_ in events.values_list("hash", flat=True).iterator()]


def _leaf(hash_: str) -> bytes:
    try:
        return bytes.fromhex(hash_)
    except ValueError:
        return hash_.encode()


def _is_signed(text: str, signatures: str, key: Key) -> bool:
    for name, encoded in _signatures(signatures):
        if name == key.name and encoded[:4] == key.id:
            try:
                key.public.verify(encoded[4:], text.encode())
            except InvalidSignature:
                return False
            return True
    return False


def _signatures(lines: str) -> Iterator[tuple[str, bytes]]:
    for name, encoded in _SIGNATURE.findall(lines):
        try:
            yield name, base64.b64decode(encoded, validate=True)
        except binascii.Error:
            continue


def _parsed(text: str, key: Key) -> Checkpoint:
    match = _TEXT.fullmatch(text)
    if match is None or match[1] != key.name:
        raise Unusable(f"What {key.name} signed is no checkpoint of an exercise: {text[:80]!r}.")
    try:
        top = base64.b64decode(match[4], validate=True)
    except binascii.Error:
        raise Unusable(f"The checkpoint of {match[1]} has no root.") from None
    return Checkpoint(match[1], int(match[2]), int(match[3]), top)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
