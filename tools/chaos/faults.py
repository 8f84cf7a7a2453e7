"""What is broken on purpose: database connections are ended, the database server restarts."""

import asyncio
import random
import time
from dataclasses import dataclass, field

import psycopg

from tools.chaos.records import Fault
from tools.chaos.stage import Database

KILL = "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE pid = ANY(%s)"
VICTIMS = "SELECT pid FROM pg_stat_activity WHERE application_name = %s AND backend_type = 'client backend'"


@dataclass
class Saboteur:
    """Breaks things at random moments and remembers when.

    Attributes:
        faults: what was done so far.
    """

    database: Database
    rng: random.Random
    faults: list[Fault] = field(default_factory=list)

    async def kill_until(self, stop: asyncio.Event, name: str, gap_s: float) -> None:
        """End some of a program's database sessions, again and again, until told to stop."""
        while not stop.is_set():
            await asyncio.sleep(self.rng.uniform(0.5, 1.5) * gap_s)
            self.faults.append(await asyncio.to_thread(self._kill, name))

    async def restart(self) -> None:
        """Restart the database server."""
        began = time.monotonic()
        await asyncio.to_thread(self.database.restart)
        self.faults.append(Fault("restart", began, time.monotonic()))

    def _kill(self, name: str) -> Fault:
        with psycopg.connect(self.database.conninfo, autocommit=True) as connection:
            pids = [row[0] for row in connection.execute(VICTIMS, [name])]
            victims = self.rng.sample(sorted(pids), min(len(pids), self.rng.randint(1, 2)))
            began = time.monotonic()
            connection.execute(KILL, [victims])
        return Fault("kill", began, time.monotonic(), len(victims))
