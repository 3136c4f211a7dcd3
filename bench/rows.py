"""The table: what is measured, on what, beside whom, and the goals."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    inputs: tuple[Input, ...] = ()


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
    """One line of the table: variants that take turns, and the goals that they are held to."""

    code: str
    title: str
    variants: tuple[Variant, ...]
    goals: tuple[Goal, ...]
    shown: str
    databases: tuple[str, ...] = field(default=("sqlite", "postgresql"))


MOVES = Input("moves", ("moves",))


def table(*, quick: bool) -> list[Row]:
    """Return the rows, in the sizes of a quick run or of a full one."""
    return [lifecycle(), queries(), jump(quick=quick), pages(quick=quick)]


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
    )


def queries() -> Row:
    return Row(
        "queries",
        "Queries of an act of story alpha, without what falls due",
        (Variant("ours", "Overflight", ("queries",), template=()),),
        (Goal("queries of the costliest verb", ("ours", "most"), None, 12, 8, "", at_most=True),),
        shown="most",
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
    )
