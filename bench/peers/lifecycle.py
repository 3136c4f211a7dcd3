"""One move of a whole lifecycle, as a team would write it with django-fsm-2.

Each move is one transaction: who acts and the rows that change are read, the flight under its
lock, a status moves by its transition, rows are saved, and the peer keeps the old values: an entry
of django-auditlog with the actor, or a historical row of django-simple-history with its user.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction

from bench.measuring import Figures, serve, spent
from bench.peers import moves
from bench.peers.flights.models import Flight
from bench.peers.settings import PEER

if PEER == "auditlog":
    from auditlog.context import set_actor

FLIGHTS = 6


def main(options: list[str]) -> None:
    told = moves.read(options[0])

    def play() -> Figures:
        with spent(connection) as took:
            for _ in range(FLIGHTS):
                flight = None
                for move in told:
                    flight = do(move, flight)
        done = FLIGHTS * len(told)
        return {"cpu_ms": took.cpu / done * 1000, "wall_ms": took.wall / done * 1000}

    play()
    serve(play)


def do(move: moves.Move, key: int | None) -> int:
    """Do one move and return the key of its flight; None as a key: the flight begins with it."""
    user = User.objects.get(username=move.by)
    with transaction.atomic(), _acting(user):
        flight = Flight() if key is None else Flight.objects.select_for_update().get(pk=key)
        for row in moves.changed(move, flight, user):
            for name, value in row.columns.items():
                setattr(row.row, name, value)
            if row.status:
                getattr(row.row, move.verb)()
            _save(row.row, user)
        return flight.pk


def _acting(user: User) -> Any:
    return set_actor(user) if PEER == "auditlog" else nullcontext()


def _save(row: Any, user: User) -> None:
    if PEER == "simple_history":
        row._history_user = user
    row.save()
