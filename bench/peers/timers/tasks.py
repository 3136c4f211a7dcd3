"""The task that a timer's message asks for."""

from __future__ import annotations

from datetime import datetime

from celery import shared_task
from django.db import transaction

from bench.peers.timers.models import Entry, Flight


@shared_task
def ring(case: str, at: str) -> None:
    """Do what is due for one flight, once: a message may be delivered twice."""
    with transaction.atomic():
        flight = Flight.objects.select_for_update().get(case=case)
        if flight.rung:
            return
        flight.escalate()
        flight.save()
        moment = datetime.fromisoformat(at)
        changes = {"rung": flight.rung}
        Entry.objects.create(flight=flight, at=moment, verb="escalate", changes=changes)
