"""The phases of a run against the server: many clients at once, while something is broken."""

import asyncio
import random
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from tools.chaos.client import Client
from tools.chaos.records import Answer, Ask, Outcome, PhaseTime

CLIENTS = 40
DROPS = 0.25


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the run.

    Attributes:
        share: of all requests.
        kills: database connections are ended now and then.
        restarts: the database server is restarted once.
    """

    name: str
    share: float
    kills: bool = False
    restarts: bool = False


PHASES = (
    Phase("clients drop", 0.3),
    Phase("connections killed", 0.3, kills=True),
    Phase("database restarted", 0.25, restarts=True),
    Phase("calm again", 0.15),
)


@dataclass
class Crowd:
    """The clients, and what they were answered so far.

    Attributes:
        latency: about how long an answer takes now, in seconds.
    """

    client: Client
    seed: int
    answers: list[Answer] = field(default_factory=list)
    times: list[PhaseTime] = field(default_factory=list)
    latency: float = 0.02

    async def ask(self, phase: str, asks: Iterable[Ask], limit_s: float, drops: float) -> None:
        """Send the requests, so many at once; give up on the phase after the limit."""
        left = iter(asks)
        began = time.monotonic()
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await asyncio.gather(*(self._client(phase, left, drops) for _ in range(CLIENTS)))
        self.times.append(PhaseTime(phase, time.monotonic() - began, limit_s))

    async def _client(self, phase: str, left: Iterable[Ask], drops: float) -> None:
        for ask in left:
            rng = random.Random(f"{self.seed}/client/{ask.token}")  # noqa: S311 - not for secrets
            drop_after = rng.uniform(0, self.latency) if rng.random() < drops else None
            answer = await self.client.send(ask, phase, drop_after)
            self.answers.append(answer)
            if answer.outcome is Outcome.ANSWERED:
                self.latency += 0.05 * (answer.ended - answer.began - self.latency)
