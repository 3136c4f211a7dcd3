"""People who write while everything breaks, and who know which of it was acknowledged."""

from __future__ import annotations

import random
import threading
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.ours.seats import Browser, Heard, fields
from casework.models import number_after
from scenarios.dossier import PARTIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.models import Exercise

#: What says that it was done, that somebody was first, and that one may try the same form again: no
#: answer, or 503.
DONE, TOO_LATE, AGAIN = 302, 409, (0, 503)


class GaveUp(Exception):  # noqa: N818 - it says what happened
    """The installation under test has stopped by itself."""


@dataclass
class Ledger:
    """What all who write were answered: each text they sent, those acknowledged, those refused."""

    sent: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    answers: Counter[int] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)
    is_over: bool = False

    def note(self, status: int, what: str, page: str) -> None:
        """Note an answer; an `odd` one is neither of those that a broken machine may give."""
        with self.news:
            self.answers[status] += 1
            if status not in (200, DONE, TOO_LATE, *AGAIN):
                self.odd.append(f"{status} to {what}: {page[:500]}")
            self.news.notify_all()

    def acknowledge(self, text: str) -> None:
        with self.news:
            self.acknowledged.add(text)
            self.news.notify_all()

    def wait_for(self, more: int) -> None:
        """Return when so many more acts have been acknowledged."""
        self._wait(lambda: len(self.acknowledged), more)

    def wait_for_answers(self, more: int) -> None:
        """Return when so many more requests have been answered, or not, whatever was said."""
        self._wait(self.answers.total, more)

    def _wait(self, count: Callable[[], int], more: int) -> None:
        """Raise `GaveUp` where nobody is left to answer."""
        with self.news:
            until = count() + more
            self.news.wait_for(lambda: self.is_over or count() >= until)
        if self.is_over:
            raise GaveUp

    def end(self) -> None:
        """Nobody answers any more: whoever waits is told."""
        with self.news:
            self.is_over = True
            self.news.notify_all()


class Writer(Browser):
    """The instructor, at the lead desk of the host, who writes minutes on its first flight."""

    def __init__(
        self,
        ports: list[int],
        exercise: Exercise,
        host: str,
        ledger: Ledger,
        *,
        seed: str,
        pause: float,
    ) -> None:
        super().__init__(ports[0], exercise, "INSTRUCTOR", Heard())
        self.base = f"/x/{exercise.pk}/{host}-DEFENCE/"
        [asking] = {*PARTIES} - {host}
        self.flight = f"flights/{number_after(0, asking, among=[*PARTIES])}/"
        self.ports, self.ledger, self.pause = ports, ledger, pause
        self.rng = random.Random(seed)  # noqa: S311 - no secret
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.write, daemon=True)

    def write(self) -> None:
        """Open the page, send its form, and send the same again until it is answered."""
        while not self.stopped.is_set():
            form = self.form()
            if form is None:
                self.stopped.wait(0.1)
                continue
            text = form["text"]
            self.ledger.sent.add(text)
            status = 0
            while status in AGAIN and not self.stopped.is_set():
                status, _page = self.send(f"{self.flight}do/minute/", form)
                if status == DONE:
                    self.ledger.acknowledge(text)
                elif status == TOO_LATE:
                    self.ledger.refused.add(text)
                else:
                    self.stopped.wait(0.1)
            self.stopped.wait(self.pause)

    def form(self) -> dict[str, str] | None:
        """Return the form of the page, filled in; None where the page does not come."""
        status, page = self.send(self.flight)
        if status != 200:
            return None
        text = f"chaos {uuid.UUID(int=self.rng.getrandbits(128))}"
        return dict(fields(page, "do/minute/")) | {"text": text}

    def send(self, address: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        self.port = self.rng.choice(self.ports)
        status, page = self.ask("act", address, form)
        self.ledger.note(status, address, page)
        return status, page
