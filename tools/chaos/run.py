"""One run: the phases in order, then the end of the server, then what is in the database."""

import asyncio
import faulthandler
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools.chaos import books, checks, phases, stage
from tools.chaos.client import Client
from tools.chaos.faults import Saboteur
from tools.chaos.phases import Crowd, Phase
from tools.chaos.project import POOL_SIZE
from tools.chaos.records import Ask, PhaseTime, Rest, Run, Shutdown
from tools.chaos.traffic import Traffic
from unblocker.services.processes import Supervisor

SETTLE_S = 5.0
SHUTDOWN_S = 15.0

type Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Size:
    """How much happens in a run.

    Attributes:
        requests: to the server, those for jobs at its end aside.
        interrupted: pieces of work in this process that may be cancelled.
        jobs: pending when SIGTERM is sent.
        kill_gap_s: between two times that database connections are ended.
    """

    requests: int = 10_000
    interrupted: int = 3_000
    jobs: int = 1_000
    kill_gap_s: float = 0.4

    def limit_s(self, requests: int) -> float:
        """How long so many requests may take."""
        return 20 + requests * 0.03

    def wanted(self) -> dict[str, int]:
        """How much trouble at least makes it a run of this size."""
        return {
            "requests dropped": int(self.requests * phases.DROPS * 0.6),
            "connections ended": max(1, self.requests // 1_000),
            "restarts": 1,
            "jobs pending at SIGTERM": self.jobs,
        }


def play(seed: int, size: Size, supervisor: Supervisor, folder: Path) -> Run:
    """Make a run and return what it has seen.

    Raises:
        UnblockError: the database or the server could not be started.
    """
    database = stage.Database(supervisor, folder / "database")
    cookies = stage.open_bank(database)
    server = stage.serve(supervisor, database, folder)
    crowd = Crowd(Client(server.port, cookies), seed)
    saboteur = Saboteur(database, random.Random(seed))  # noqa: S311 - not for secrets
    played = _Play(Traffic(seed), size, database, server, crowd, saboteur)
    with _no_standstill(3 * size.limit_s(size.requests)):
        shutdown = asyncio.run(played.against_the_server())
        asyncio.run(played.in_this_process())
    return Run(
        tuple(crowd.answers),
        tuple(saboteur.faults),
        tuple(crowd.times),
        tuple(played.rests),
        books.read(database.conninfo),
        shutdown,
        server.complaints(),
        size.wanted(),
    )


@contextmanager
def _no_standstill(seconds: float) -> Iterator[None]:
    """End the program, and show where it stands, if the loop in it has stopped for good."""
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


@dataclass
class _Play:
    traffic: Traffic
    size: Size
    database: stage.Database
    server: stage.Server
    crowd: Crowd
    saboteur: Saboteur
    rests: list[Rest] = field(default_factory=list)

    async def against_the_server(self) -> Shutdown:
        """All phases, then SIGTERM with jobs pending."""
        first = 0
        for phase in phases.PHASES:
            count = round(phase.share * self.size.requests)
            await self._phase(phase, [self.traffic.ask(first + each) for each in range(count)])
            await self._rest(phase.name, stage.SERVER, self._pool_of_server)
            first += count
        return await self._shut_down(first)

    async def in_this_process(self) -> None:
        """Tasks cancelled at points that the seed alone decides."""
        from tools.chaos import interruptions
        from tools.chaos.project.pool_counts import counts

        limit, began = self.size.limit_s(self.size.interrupted), time.monotonic()
        first = self.size.requests + 10 * self.size.jobs
        numbers = range(first, first + self.size.interrupted)
        try:
            async with asyncio.timeout(limit):
                self.crowd.answers += await interruptions.run(self.traffic, numbers)
        except TimeoutError:
            pass  # the time it took tells
        self.crowd.times.append(PhaseTime(interruptions.PHASE, time.monotonic() - began, limit))

        async def pool() -> dict[str, int]:
            return counts()

        await self._rest(interruptions.PHASE, stage.DRIVER, pool)

    async def _phase(self, phase: Phase, asks: list[Ask]) -> None:
        over = asyncio.Event()
        async with asyncio.TaskGroup() as nuisances:
            if phase.kills:
                gap = self.size.kill_gap_s
                nuisances.create_task(self.saboteur.kill_until(over, stage.SERVER, gap))
            if phase.restarts:
                nuisances.create_task(self.saboteur.restart())
            await self.crowd.ask(phase.name, asks, self.size.limit_s(len(asks)), phases.DROPS)
            over.set()

    async def _rest(self, phase: str, name: str, pool: Callable[[], Awaitable[Counts]]) -> None:
        """See a program's connections at rest, or after a while as they are."""
        for _ in range(int(SETTLE_S / 0.1)):
            sessions = await asyncio.to_thread(self.database.sessions, name)
            counts = await pool()
            rest = Rest(phase, sessions, counts["lent"], counts["waiting"], POOL_SIZE)
            if not any(checks.connections_are_back(Run(rests=(rest,)))):
                break
            await asyncio.sleep(0.1)
        self.rests.append(rest)

    async def _pool_of_server(self) -> Counts:
        answer = await self.crowd.client.send(Ask("", "pool", "/pool/", None), "")
        return dict(answer.body)

    async def _shut_down(self, first: int) -> Shutdown:
        phase, count = "jobs pending", self.size.jobs
        asks = [self.traffic.held_job(first + each) for each in range(count)]
        await self.crowd.ask(phase, asks, self.size.limit_s(count), 0.0)
        started = [answer for answer in self.crowd.answers if answer.phase == phase]
        done = await asyncio.to_thread(books.read, self.database.conninfo)
        pending = {answer.ask.token for answer in started if answer.status == 200}
        pending.difference_update(done.jobs_done)
        status, seconds = await asyncio.to_thread(self.server.terminate, 2 * SHUTDOWN_S)
        left = await asyncio.to_thread(self.database.sessions, stage.SERVER)
        return Shutdown(
            len(pending), seconds, SHUTDOWN_S, status, len(left), self.server.unfinished_jobs()
        )
