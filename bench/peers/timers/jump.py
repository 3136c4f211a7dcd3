"""The same 30 days, one ORM transaction an event: the usual sweep over a table of timers.

The next timer that is due, its flight under its lock, a transition of django-fsm-2, an entry in a
log, the timer set to the flight's next moment. What happens when is read from the ladder that
Overflight found: no date is computed, no rule applies, no chain is kept.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from bench.measuring import Figures, serve, spent
from bench.peers.timers.models import Entry, Flight, Timer

Ladder = dict[str, list[tuple[datetime, str]]]


def main(options: list[str]) -> None:
    told = json.loads(Path(options[0]).read_text("utf-8"))
    ladder = {
        case: [(datetime.fromisoformat(at), verb) for at, verb in moments]
        for case, moments in told.items()
    }

    def play() -> Figures:
        for model in (Entry, Timer, Flight):
            model.objects.all().delete()
        flights = Flight.objects.bulk_create([Flight(case=case) for case in ladder])
        Timer.objects.bulk_create(
            [Timer(flight=flight, due_at=ladder[flight.case][0][0]) for flight in flights]
        )
        with spent(connection) as took:
            events = sweep(ladder)
        return {
            "events": events,
            "cpu_s": took.cpu,
            "wall_s": took.wall,
            "event_cpu_ms": took.cpu / events * 1000,
            "events_per_cpu_s": events / took.cpu,
        }

    serve(play)


def sweep(ladder: Ladder) -> int:
    """Do everything that is due, earliest first; return how much was done."""
    until = max(moments[-1][0] for moments in ladder.values())
    done: dict[int, int] = {}
    while timer := Timer.objects.filter(due_at__lte=until).order_by("due_at", "pk").first():
        with transaction.atomic():
            flight = Flight.objects.select_for_update().get(pk=timer.flight_id)
            at = timer.due_at
            moments = ladder[flight.case]
            step = done.get(flight.pk, 0)
            is_last = step + 1 == len(moments)
            if is_last:
                flight.lapse()
                flight.closed_at = at
            else:
                flight.escalate()
            flight.save()
            Entry.objects.create(
                flight=flight,
                at=at,
                verb=moments[step][1],
                changes={"status": flight.status, "rung": flight.rung},
            )
            due_at = None if is_last else moments[step + 1][0]
            Timer.objects.update_or_create(flight=flight, defaults={"due_at": due_at})
        done[flight.pk] = step + 1
    return sum(done.values())
