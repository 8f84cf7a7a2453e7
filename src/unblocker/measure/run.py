"""The measure stage: every bench entry, before and after, by one client and by many.

One client: a fixed number of requests, after a warm-up that reaches every process; its latency is
what a visitor of an idle site sees. Many clients: closed loop for some seconds. Before and after
take turns, entry by entry, so that a machine that gets slower or faster does so for both. The
headline path is also measured on the rival servers, longer, each server alone on the machine.

When clients give up at the end of a run, the server still has their last requests in its queue. It
works them off while the other side is measured: a handicap for the other side, never a gift.
"""

import platform
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path

from unblocker.measure import load, logins, servers, trace
from unblocker.measure.bench import Bench, Progress
from unblocker.measure.prepared import Login
from unblocker.measure.servers import App, Variant
from unblocker.measure.session import Amount, Session
from unblocker.measure.trace import Subject
from unblocker.records.measurement import Machine, Measurement, Side, Timeline
from unblocker.services.processes import Supervisor


def measure(supervisor: Supervisor, bench: Bench, folder: Path, progress: Progress) -> Measurement:
    """Measure everything, keeping raw samples, traces and logs in `folder`.

    Raises:
        UnblockError: a server did not start, a user does not exist, or a process failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    progress("signing users in")
    known = {app.side: logins.make(app, bench.users) for app in bench.apps}
    progress("tracing one request per view")
    timelines = _trace(supervisor, bench, known, folder)
    with load.started(supervisor, folder / "logs" / "load.log") as client:
        session = Session(supervisor, client, known, folder, progress)
        measure_entries(session, bench)
        measure_headline(session, bench)
    return Measurement(
        machine=_machine(),
        delays=bench.delays,
        headline=bench.headline,
        servers=tuple(session.servers.values()),
        runs=tuple(session.runs),
        timelines=timelines,
        logs=session.findings(),
    )


def measure_entries(session: Session, bench: Bench) -> None:
    """All entries with one client, then all but the headline with many, the sides in turns."""
    effort = bench.effort
    one = Amount(1, requests_each=effort.single_requests)
    many = Amount(effort.many_clients, seconds=effort.many_s, warmup_s=effort.many_warmup_s)
    with session.up(*_ordinary(bench)) as running:
        for entry in bench.entries:
            for server in running:
                session.warm(server, entry)
                session.run(server, entry, one)
        for entry in bench.entries:
            if entry.path != bench.headline:
                for server in running:
                    session.run(server, entry, many)


def measure_headline(session: Session, bench: Bench) -> None:
    """The headline path with many clients on every server, one server at a time."""
    effort, entry = bench.effort, bench.headline_entry
    amount = Amount(
        effort.many_clients, seconds=effort.headline_s, warmup_s=effort.headline_warmup_s
    )
    for app, variant in _with_rivals(bench):
        with session.up((app, variant)) as [server]:
            session.warm(server, entry)
            session.run(server, entry, amount)


def _ordinary(bench: Bench) -> Iterator[tuple[App, Variant]]:
    """The old app as most run it, the converted one as it is meant to run."""
    yield bench.before, servers.gunicorn_sync()
    if bench.after:
        yield bench.after, servers.uvicorn(servers.cores())


def _with_rivals(bench: Bench) -> Iterable[tuple[App, Variant]]:
    before, *after = _ordinary(bench)
    rivals = (servers.gunicorn_gthread(servers.cores()), servers.gunicorn_gevent(servers.cores()))
    return [before, *((bench.before, rival) for rival in rivals), *after]


def _trace(
    supervisor: Supervisor, bench: Bench, known: Mapping[Side, Mapping[str, Login]], folder: Path
) -> tuple[Timeline, ...]:
    subjects = [Subject(bench.before, servers.traced_wsgi(), known["before"])]
    if bench.after:
        subjects.append(Subject(bench.after, servers.traced_asgi(), known["after"]))
    return trace.trace(supervisor, subjects, bench.entries, folder / "traces")


def _machine() -> Machine:
    return Machine(
        cores=servers.cores(),
        platform=platform.platform(),
        python=platform.python_version(),
        django=metadata.version("django"),
    )
