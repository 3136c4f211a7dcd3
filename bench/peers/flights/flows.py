"""One move of a whole lifecycle as a process of viewflow: each move is a task that a person does.

The task is assigned, started and executed as its views do it, in one transaction; the rows change
as with the others. Viewflow keeps who did which task when, and no old values.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.flow.views import CreateProcessView, UpdateProcessView
from viewflow.workflow.models import Process

from bench.measuring import Figures, serve, spent
from bench.peers import moves
from bench.peers.flights.models import Flight

FLIGHTS = 6


def task() -> Any:
    return flow.View(UpdateProcessView.as_view(fields=[]))


class FlightFlow(flow.Flow):
    process_class = Process
    lock_impl = lock.select_for_update_lock

    prepare = flow.Start(CreateProcessView.as_view(fields=[])).Next(this.request_release)
    request_release = task().Next(this.release)
    release = task().Next(this.transmit)
    transmit = task().Next(this.register)
    register = task().Next(this.desks)
    desks = flow.Split().Next(this.civil_aviation).Next(this.air_defence).Next(this.security)
    civil_aviation = task().Next(this.answered)
    air_defence = task().Next(this.answered)
    security = task().Next(this.answered)
    answered = flow.Join().Next(this.defence)
    defence = task().Next(this.authorize)
    authorize = task().Next(this.reply)
    reply = task().Next(this.file_plan)
    file_plan = task().Next(this.check_plan)
    check_plan = task().Next(this.enter)
    enter = task().Next(this.exit)
    exit = task().Next(this.report)
    report = task().Next(this.close)
    close = task().Next(this.end)
    end = flow.End()


def main(options: list[str]) -> None:
    told = moves.read(options[0])

    def play() -> Figures:
        with spent(connection) as took:
            for _ in range(FLIGHTS):
                process = None
                for move in told:
                    process = do(move, process)
        done = FLIGHTS * len(told)
        return {"cpu_ms": took.cpu / done * 1000, "wall_ms": took.wall / done * 1000}

    play()
    serve(play)


def do(move: moves.Move, process: int | None) -> int:
    """Do one move and return the key of its process; None as a key: the process starts with it."""
    user = User.objects.get(username=move.by)
    request = SimpleNamespace(user=user)
    with transaction.atomic():
        if process is None:
            start = FlightFlow.prepare
            activation = start.activation_class.create(start, None, None)
            activation.start(request)
            flight = Flight()
            _change(move, flight, user)
            activation.process.artifact = flight
            activation.execute()
            return int(activation.process.pk)
        with FlightFlow.lock(process):
            node = getattr(FlightFlow, _node(move))
            found = FlightFlow.task_class.objects.get(process_id=process, flow_task=node)
            with found.activation() as activation:
                activation.assign(user)
                activation.start(request)
                _change(move, activation.process.artifact, user)
                activation.execute()
    return process


def _node(move: moves.Move) -> str:
    """Name the task of a move: a desk's answer has one of its own."""
    desks = [row.ref.split("/")[3] for row in move.rows if row.columns.get("answer")]
    return desks[0].lower() if desks else move.verb


def _change(move: moves.Move, flight: Flight, user: User) -> None:
    for row in moves.changed(move, flight, user):
        for name, value in row.columns.items():
            setattr(row.row, name, value)
        if row.status:
            row.row.status = row.status
            row.row.version = getattr(row.row, "version", 0) + 1
        row.row.save()
