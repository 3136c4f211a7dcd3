"""Verifying a record: the chain, and the rows with it, beside hashing the same bytes."""

from __future__ import annotations

from django.db import connection

from audit import chain, verification
from audit.models import Event
from bench.measuring import Figures, peak_memory, serve, spent
from exercises.models import Exercise


def main(options: list[str]) -> None:
    exercise = Exercise.objects.get()

    def play() -> Figures:
        events = exercise.seq
        return {
            "plain per_s": events / hashed(exercise),
            "chain per_s": events / chained(exercise),
            "whole per_s": events / verified(exercise),
            "events": events,
            "peak_MB": peak_memory(),
        }

    serve(play)


def hashed(exercise: Exercise) -> float:
    """Hash the bytes of a record that lie in memory; return the seconds of CPU."""
    kept = Event.objects.filter(exercise=exercise).in_order()
    columns = [(event.seq, event.recorded_at, event.content) for event in kept]
    previous = ""
    with spent() as took:
        for seq, recorded_at, body in columns:
            previous = chain.link(previous, seq=seq, recorded_at=recorded_at, body=body)
    return took.cpu


def chained(exercise: Exercise) -> float:
    with spent(connection) as took:
        faults = verification.faults(exercise, chain_only=True)
    if faults:
        raise RuntimeError(faults[0])
    return took.cpu


def verified(exercise: Exercise) -> float:
    with spent(connection) as took:
        faults = verification.faults(exercise)
    if faults:
        raise RuntimeError(faults[0])
    return took.cpu
