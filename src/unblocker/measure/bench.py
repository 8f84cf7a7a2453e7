"""What to measure, and how long."""

from collections.abc import Callable
from dataclasses import dataclass

from unblocker.config import BenchEntry
from unblocker.measure.servers import App
from unblocker.records.measurement import Delays

type Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure. The defaults take about three minutes for ten entries on two idle cores.

    Attributes:
        single_requests: requests of the one client, per entry and side.
        many_clients: clients at the same time in the runs with many.
        many_s, many_warmup_s: least measured time and warm-up of such a run, in seconds.
        many_rounds: the measured time is at least so many times what the view takes alone:
            a slow view's answers come in bursts, one from each process.
        headline_s, headline_warmup_s: the same for the headline path on each server; pools and
            thread stacks fill up in the warm-up.
        headline_settle_s: how long the warm-up may last for every client to have an answer.
    """

    single_requests: int = 3
    many_clients: int = 50
    many_s: float = 1.5
    many_warmup_s: float = 0.5
    many_rounds: int = 3
    headline_s: float = 4.0
    headline_warmup_s: float = 3.0
    headline_settle_s: float = 7.0


@dataclass(frozen=True, slots=True)
class Bench:
    """What to measure.

    Attributes:
        before, after: the two sides; without `after` only the old app is measured.
        entries: the requests.
        headline: the path that the rivals are measured on too; one of the entries' paths, or any
            page that nobody has to sign in for.
        delays: how far away the services look; only to be told.
    """

    before: App
    after: App | None
    entries: tuple[BenchEntry, ...]
    headline: str
    delays: Delays
    effort: Effort = Effort()

    @property
    def apps(self) -> tuple[App, ...]:
        """The sides there are."""
        return (self.before, self.after) if self.after else (self.before,)

    @property
    def users(self) -> frozenset[str]:
        """Who has to be signed in."""
        return frozenset(entry.as_user for entry in self.entries if entry.as_user)

    @property
    def headline_entry(self) -> BenchEntry:
        """The entry for the headline path."""
        for entry in self.entries:
            if entry.path == self.headline:
                return entry
        return BenchEntry(view="", path=self.headline)
