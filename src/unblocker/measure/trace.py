"""One request per view with its I/O watched: where the waterfalls come from.

The traced servers have one process, get no load, and are gone before anything is measured.
"""

import http.client
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec

from unblocker.config import BenchEntry
from unblocker.errors import UnblockError
from unblocker.measure import timelines
from unblocker.measure.load import TIMEOUT_S
from unblocker.measure.prepared import Login, Prepared, prepare
from unblocker.measure.servers import App, Variant
from unblocker.measure.timelines import FILE, HEADER, TARGET, Event, Traced
from unblocker.records.measurement import Timeline
from unblocker.services import ports
from unblocker.services.ports import LOOPBACK
from unblocker.services.processes import Supervisor

TRACED_WSGI = "unblocker.measure.traced_app:wsgi()"
TRACED_ASGI = "unblocker.measure.traced_app:asgi"

# How long work that outlives its response may take to begin, and to end.
BACKGROUND_BEGINS_S = 0.1
BACKGROUND_ENDS_S = 10.0
POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class Subject:
    """An app to trace, the one-process server for it, and the logins in its database."""

    app: App
    variant: Variant
    logins: Mapping[str, Login]


def trace(
    supervisor: Supervisor, subjects: Sequence[Subject], entries: Sequence[BenchEntry], folder: Path
) -> tuple[Timeline, ...]:
    """Trace every entry on every app, each after one request to warm it up.

    Returns the timelines in the order of the entries, and of the subjects within an entry.

    Raises:
        UnblockError: a traced server did not start (U060, U061), or gave no answer (U073).
    """
    with _served(supervisor, subjects, folder) as served, ThreadPoolExecutor() as pool:
        return tuple(
            timeline
            for entry in entries
            for timeline in pool.map(partial(Served.trace, entry=entry), served)
        )


@dataclass(frozen=True, slots=True)
class Served:
    """A traced app that is up, and the file that its events go to."""

    subject: Subject
    port: int
    file: Path

    def trace(self, entry: BenchEntry) -> Timeline:
        """Send the entry's request until the app is warm, and then once more to tell it.

        The warming requests are traced too, to know when all that they began has ended. As many go
        out together as it takes for a pool to have connections for what overlaps.
        """
        with ThreadPoolExecutor() as pool:
            names = [f"warm-up {number}" for number in range(self.subject.variant.warming)]
            list(pool.map(partial(self._traced, entry), names))
        traced = self._traced(entry, "traced")
        return Timeline(
            entry.view,
            entry.method,
            entry.path,
            self.subject.app.side,
            traced.status,
            traced.total_ms,
            traced.spans,
        )

    def _traced(self, entry: BenchEntry, name: str) -> Traced:
        name = f"{name} {entry.method} {entry.path}"
        self._send(prepare(entry, self.subject.logins), {HEADER: name})
        return self._settled(name)

    def _send(self, request: Prepared, headers: dict[str, str]) -> None:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=TIMEOUT_S)
        try:
            connection.request(
                request.method, request.path, request.body or None, request.headers | headers
            )
            connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            raise self._no_answer(request.path, repr(error)) from error
        finally:
            connection.close()

    def _settled(self, name: str) -> Traced:
        """The trace when everything that began in it has ended, be it behind the response."""
        time.sleep(BACKGROUND_BEGINS_S)
        deadline = time.monotonic() + BACKGROUND_ENDS_S
        while True:
            traced = timelines.assemble(_events(self.file), name)
            if traced and not traced.open:
                return traced
            if time.monotonic() > deadline:
                break
            time.sleep(POLL_S)
        if traced:
            return traced
        raise self._no_answer(name, "the answer was not finished")

    def _no_answer(self, path: str, why: str) -> UnblockError:
        side = self.subject.app.side
        log = self.file.with_suffix(".log")
        return UnblockError(
            "U073", f"{path} got no answer from the {side} app: {why}", hint=f"Its log: {log}"
        )


@contextmanager
def _served(
    supervisor: Supervisor, subjects: Sequence[Subject], folder: Path
) -> Iterator[list[Served]]:
    served, processes = [], []
    for subject in subjects:
        file = folder / f"trace-{subject.app.side}.jsonl"
        file.unlink(missing_ok=True)
        port = ports.claim()
        app = _traced(subject.app, subject.variant, file)
        command = subject.variant.command(app, port, file.with_suffix(".log"))
        processes.append(supervisor.spawn(command))
        served.append(Served(subject, port, file))
    try:
        for process in processes:
            process.wait_ready()
        yield served
    finally:
        supervisor.stop(*processes)


def _traced(app: App, variant: Variant, file: Path) -> App:
    """The app with the watcher in front of it."""
    target = app.wsgi if variant.interface == "wsgi" else app.asgi
    environment = {**app.environment, TARGET: target, FILE: str(file)}
    return replace(app, wsgi=TRACED_WSGI, asgi=TRACED_ASGI, environment=environment)


def _events(file: Path) -> list[Event]:
    """The events so far; a line that is still being written is left out."""
    if not file.exists():
        return []
    whole, _, _ = file.read_bytes().rpartition(b"\n")
    return msgspec.json.Decoder(Event).decode_lines(whole)
