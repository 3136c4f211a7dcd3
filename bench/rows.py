"""The table: what is measured, on what, beside whom, and the goals."""

from __future__ import annotations

from dataclasses import dataclass, replace

#: Options of `bench.populate`; none is an empty migrated database.
Template = tuple[str, ...]


@dataclass(frozen=True)
class Input:
    """What a command of ours writes for the others to work from."""

    name: str
    command: tuple[str, ...]
    template: Template = ()


@dataclass(frozen=True)
class Variant:
    """One of those measured side by side; `note` says what it does that the first does not."""

    code: str
    name: str
    command: tuple[str, ...]
    note: str = ""
    peer: str = ""
    template: Template | None = None
    needs_database: bool = True
    is_floor: bool = False
    inputs: tuple[Input, ...] = ()

    @property
    def is_ours(self) -> bool:
        return not self.peer and not self.is_floor


@dataclass(frozen=True)
class Goal:
    """A ratio of two figures, or one figure, and what it must and should be.

    `of` and `against` are variant and figure. With `before`, the same figure of the first entry
    is what it is held against.
    """

    text: str
    of: tuple[str, str]
    against: tuple[str, str] | None = None
    must: float | None = None
    aim: float | None = None
    unit: str = "×"
    at_most: bool = False
    before: bool = False


@dataclass(frozen=True)
class Row:
    """One line of the table: variants that take turns, and the goals that they are held to.

    `shown` is the figure of the chart, `said` what it is in words.
    """

    code: str
    title: str
    variants: tuple[Variant, ...]
    goals: tuple[Goal, ...]
    shown: str
    said: str
    databases: tuple[str, ...] = ("sqlite", "postgresql")
    most_rounds: int = 5


MOVES = Input("moves", ("moves",))


def table(*, quick: bool) -> list[Row]:
    """Return the rows, in the sizes of a quick run or of a full one."""
    both = [lifecycle(), queries(), jump(quick=quick)]
    others = [
        due(quick=quick),
        meanwhile(quick=quick),
        pages(quick=quick),
        queue(quick=quick),
        seats(quick=quick),
        ticking(quick=quick),
        verifying(quick=quick),
        starting(quick=quick),
    ]
    if quick:  # five minutes do not hold everything twice
        others = [replace(row, databases=("sqlite",)) for row in others]
    return [*both, *others]


def lifecycle() -> Row:
    ours = Variant(
        "ours",
        "Overflight",
        ("lifecycle",),
        "Guards, rules, due dates in working days, timeline, hash chain, no lost update.",
        template=(),
    )
    kept = "The same rows; no guard, rule, due date, timeline or chain. "
    peers = (
        Variant(
            "auditlog",
            "django-fsm-2 + django-auditlog",
            ("lifecycle",),
            f"{kept}Keeps each changed column, old and new, and the actor.",
            peer="auditlog",
            inputs=(MOVES,),
        ),
        Variant(
            "simple_history",
            "django-fsm-2 + django-simple-history",
            ("lifecycle",),
            f"{kept}Keeps a copy of each saved row, with its user.",
            peer="simple_history",
            inputs=(MOVES,),
        ),
        Variant(
            "viewflow",
            "viewflow",
            ("flights.flows",),
            f"{kept}Keeps who did which task when, and who is next; no old values.",
            peer="viewflow",
            inputs=(MOVES,),
        ),
    )
    floor = Variant(
        "by_hand",
        "hand-written SQL, same chain",
        ("by_hand",),
        "The same tables, canonical bodies and hashes; values computed before, nothing judged.",
        template=(),
        is_floor=True,
    )
    cpu = "cpu_ms"
    goals = [
        Goal(f"speed against {peer.name}", (peer.code, cpu), ("ours", cpu), must, aim)
        for peer, must, aim in zip(peers, (0.4, 0.35, 0.7), (1, 1, 2), strict=True)
    ]
    goals.append(
        Goal(
            "speed against hand-written SQL with the same chain",
            ("by_hand", cpu),
            ("ours", cpu),
            must=3,
            aim=10,
            unit="%",
        )
    )
    return Row(
        "lifecycle",
        "One move of a whole lifecycle (story alpha)",
        (ours, *peers, floor),
        tuple(goals),
        shown=cpu,
        said="CPU milliseconds a move; less is better",
    )


def queries() -> Row:
    return Row(
        "queries",
        "Queries of an act of story alpha, without what falls due",
        (Variant("ours", "Overflight", ("queries",), template=()),),
        (Goal("queries of the costliest verb", ("ours", "most"), None, 12, 8, "", at_most=True),),
        shown="most",
        said="queries of the verb that asks most; fewer is better",
    )


def jump(*, quick: bool) -> Row:
    flights, over = (100, 500) if quick else (1000, 5000)
    template = ("--flights", f"{flights}")
    crowded = (*template, "--over", f"{over}")
    ladder = Input("ladder", ("jump", "ladder"), template)
    rate = "events_per_cpu_s"
    return Row(
        "jump",
        f"Jump over 30 days with {flights:,} flights",
        (
            Variant("ours", "Overflight", ("jump",), template=template),
            Variant(
                "stale",
                f"Overflight, with {over * 3:,} alarms of flights that are over",
                ("jump",),
                template=crowded,
            ),
            Variant(
                "orm",
                "one ORM transaction an event",
                ("timers.jump",),
                "The same events at the same moments, read from a list: fsm, log row, timer row.",
                peer="timers",
                inputs=(ladder,),
            ),
            Variant(
                "simpy",
                "SimPy",
                ("simulated",),
                "The same moments, in memory: no record, no database.",
                peer="timers",
                inputs=(ladder,),
            ),
        ),
        (
            Goal(
                "events a second, one ORM transaction an event",
                ("ours", rate),
                ("orm", rate),
                1.5,
                10,
            ),
            Goal(
                "cost of an event with stale alarms, against none",
                ("stale", "event_cpu_ms"),
                ("ours", "event_cpu_ms"),
                must=1.1,
                at_most=True,
            ),
            Goal("events a second, against SimPy", ("ours", rate), ("simpy", rate), 0.8, 5, "%"),
        ),
        shown=rate,
        said="events in a second of CPU; more is better",
    )


def meanwhile(*, quick: bool) -> Row:
    flights = 100 if quick else 1000
    return Row(
        "meanwhile",
        f"Somebody acts while 30 days pass over {flights:,} flights",
        (
            Variant(
                "ours",
                "Overflight",
                ("jump", "meanwhile"),
                "Acts in another process, five a second at the most, each in its own transaction.",
                template=("--flights", f"{flights}"),
            ),
        ),
        (
            Goal("acts done meanwhile", ("ours", "act acts"), unit=""),
            Goal("longest wait of an act", ("ours", "act longest_ms"), unit=" ms", at_most=True),
            Goal("answers that the database is busy", ("ours", "act busy"), unit="", at_most=True),
        ),
        shown="act longest_ms",
        said="the longest wait of an act, in milliseconds; less is better",
    )


PAGES = ("queue", "case", "status", "flight day", "panel", "record")


def pages(*, quick: bool) -> Row:
    sizes = (5, 500) if quick else (5, 500, 5000)
    goals = [
        Goal(
            f"{page} page with {size:,} open flights, against {sizes[0]}",
            (f"{size}", f"{page} cpu_ms"),
            (f"{sizes[0]}", f"{page} cpu_ms"),
            must=1.5,
            aim=1.1,
            at_most=True,
        )
        for size in sizes[1:]
        for page in PAGES
    ]
    goals.append(
        Goal(
            "case page of a desk with 5 flights, against the first entry",
            ("5", "case cpu_ms"),
            must=0.5,
            aim=0.2,
            at_most=True,
            before=True,
        )
    )
    return Row(
        "pages",
        "Pages of an exercise with many open flights",
        tuple(
            Variant(
                f"{size}",
                f"{size:,} open flights",
                ("pages",),
                template=("--flights", f"{size}"),
            )
            for size in sizes
        ),
        tuple(goals),
        shown="case cpu_ms",
        said="CPU milliseconds of the case page of a desk; less is better",
    )


def due(*, quick: bool) -> Row:
    count, exercises = (500, 50) if quick else (10_000, 500)
    waiting = ("--mix", "release", "--together", "--clock", "due")
    rate = "events_per_s"
    return Row(
        "due",
        f"{count:,} due in the same second",
        (
            Variant(
                "one",
                "Overflight, in one exercise",
                ("due",),
                "Ticks in one process until nothing is due, each flight exactly once.",
                template=(*waiting, "--flights", f"{count}"),
            ),
            Variant(
                "many",
                f"Overflight, over {exercises} exercises",
                ("due",),
                template=(
                    *waiting,
                    "--flights",
                    f"{count // exercises}",
                    "--exercises",
                    f"{exercises}",
                ),
            ),
            Variant(
                "celery",
                "Celery ETA on Redis",
                ("timers.due", f"{count}"),
                "Two processes; a row, a log row, a guard against a second delivery. Its clock is "
                "the real one: no pause, no jump; timers beyond the visibility timeout come twice.",
                peer="timers",
            ),
        ),
        (
            Goal(
                "speed in one exercise, against Celery ETA", ("one", rate), ("celery", rate), 1, 10
            ),
            Goal("speed over many exercises, against it", ("many", rate), ("celery", rate), 1, 10),
            Goal(
                "peak memory against the worker's",
                ("one", "peak_MB"),
                ("celery", "peak_MB"),
                must=0.2,
                at_most=True,
            ),
            Goal(
                "memory beyond that of idling, against it",
                ("one", "grown_MB"),
                ("celery", "grown_MB"),
                at_most=True,
            ),
        ),
        shown=rate,
        said="events a second on the wall; more is better",
    )


def queue(*, quick: bool) -> Row:
    few, many, long = (10, 200, 500) if quick else (10, 10_000, 5000)
    cpu = "queue cpu_ms"
    ballast = ("--flights", "100", "--bare", "--exercises")
    return Row(
        "queue",
        f"The queue of an exercise of 100 flights, beside {many - 1:,} others",
        (
            Variant("few", f"{few * 100:,} requests", ("queue",), template=(*ballast, f"{few}")),
            Variant("many", f"{many * 100:,} requests", ("queue",), template=(*ballast, f"{many}")),
            Variant(
                "deep",
                f"one exercise of {long:,} flights",
                ("queue", "deep"),
                template=("--flights", f"{long}"),
            ),
        ),
        (
            Goal(
                f"queue page at {many * 100:,} requests, against {few * 100:,}",
                ("many", cpu),
                ("few", cpu),
                must=1.5,
                aim=1.1,
                at_most=True,
            ),
            Goal(
                "a deep page against page 1",
                ("deep", "deep cpu_ms"),
                ("deep", cpu),
                must=1.5,
                aim=1.1,
                at_most=True,
            ),
            Goal(
                f"front page at {many:,} exercises, against {few}",
                ("many", "front cpu_ms"),
                ("few", "front cpu_ms"),
                at_most=True,
            ),
        ),
        shown=cpu,
        said="CPU milliseconds of the queue page; less is better",
    )


def seats(*, quick: bool) -> Row:
    flights, seconds = (100, 8) if quick else (500, 30)
    return Row(
        "seats",
        f"50 seats polling and 5 acting on one web process, {flights} open flights",
        (
            Variant(
                "ours",
                "Overflight",
                ("seats", f"{seconds}"),
                "Idle is one person alone, who reads and acts once a second.",
                template=("--flights", f"{flights}"),
            ),
        ),
        (
            *(
                Goal(
                    f"95th percentile of {what}, against idle",
                    ("ours", f"{kind} p95_ms"),
                    ("ours", f"{kind} idle p95_ms"),
                    aim=5,
                    at_most=True,
                )
                for kind, what in (("page", "pages"), ("act", "acts"))
            ),
            Goal("answers 5xx", ("ours", "5xx"), must=0, unit="", at_most=True),
            Goal("no answer in 30 s", ("ours", "no answer"), must=0, unit="", at_most=True),
            Goal("lost acts", ("ours", "lost acts"), must=0, unit="", at_most=True),
        ),
        shown="page p95_ms",
        said="95th percentile of pages, in milliseconds; less is better",
        most_rounds=1 if quick else 5,
    )


def ticking(*, quick: bool) -> Row:
    running = 50 if quick else 500
    size = ("--flights", "20")
    waiting = (*size, "--clock", "due", "--exercises", "5")
    others = (*size, "--clock", "running", "--exercises", f"{running - 5}")
    return Row(
        "tick",
        f"A tick over {running} running exercises",
        (
            Variant("few", "5 exercises, all with something due", ("ticking",), template=waiting),
            Variant(
                "many",
                f"{running} exercises, 5 with something due",
                ("ticking",),
                template=(*others, "+", *waiting),
            ),
            Variant(
                "step",
                f"{running} exercises at step pace, people seated",
                ("ticking",),
                template=(*size, "--clock", "step", "--exercises", f"{running}"),
            ),
        ),
        (
            Goal(
                f"tick over {running}, against one over 5",
                ("many", "tick cpu_ms"),
                ("few", "tick cpu_ms"),
                must=2,
                aim=1.2,
                at_most=True,
            ),
            Goal(
                f"tick over {running} at step pace",
                ("step", "tick cpu_ms"),
                must=1000,
                unit=" ms",
                at_most=True,
            ),
        ),
        shown="tick cpu_ms",
        said="CPU milliseconds of a tick; less is better",
    )


def verifying(*, quick: bool) -> Row:
    flights = 500 if quick else 5000
    plain = ("ours", "plain per_s")
    return Row(
        "verify",
        f"Verifying the record of an exercise of {flights:,} flights, events a second",
        (
            Variant(
                "ours",
                "Overflight",
                ("verifying",),
                "Plain is hashing the same bytes in memory.",
                template=("--flights", f"{flights}"),
            ),
        ),
        (
            Goal("the chain, against plain hashing", ("ours", "chain per_s"), plain, 25, 50, "%"),
            Goal("chain and rows, against it", ("ours", "whole per_s"), plain, 5, 15, "%"),
        ),
        shown="whole per_s",
        said="events verified in a second of CPU, chain and rows; more is better",
    )


def starting(*, quick: bool) -> Row:
    memory = "again supervisor MB"
    return Row(
        "start",
        "Starting",
        (Variant("ours", "Overflight", ("starting",), needs_database=False),),
        (
            Goal("manage.py, CPU", ("ours", "manage.py cpu_ms"), unit=" ms"),
            Goal("READY, the first time", ("ours", "first ready_s"), unit=" s"),
            Goal("READY, again", ("ours", "again ready_s"), unit=" s"),
            Goal("memory of all processes", ("ours", "again tree MB"), unit=" MB"),
            Goal("memory of the supervisor", ("ours", memory), must=60, unit=" MB", at_most=True),
        ),
        shown="again ready_s",
        said="seconds until READY, not the first time; less is better",
        databases=("sqlite",),
        most_rounds=1 if quick else 3,
    )
