"""The measure stage: every bench entry, before and after, by one client and by many.

One client: a fixed number of requests, after a warm-up that reaches every process; its latency is
what a visitor of an idle site sees. Many clients: closed loop for some seconds. Before and after
take turns, entry by entry, so that a machine that gets slower or faster does so for both. The
headline path is also measured on the rival servers, longer, each server alone on the machine.

When clients give up at the end of a run, a synchronous server still has their last requests in its
queue; it is restarted before it is measured again.
"""

import platform
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path

from unblocker.measure import load, logins, servers, trace
from unblocker.measure.bench import Bench, Effort, Progress
from unblocker.measure.prepared import Login
from unblocker.measure.servers import App, Variant
from unblocker.measure.session import Amount, Session
from unblocker.measure.trace import Subject
from unblocker.records.measurement import Machine, Measurement, Run, Side, Timeline
from unblocker.services.processes import Supervisor


def measure(supervisor: Supervisor, bench: Bench, folder: Path, progress: Progress) -> Measurement:
    """Measure everything, keeping raw samples, traces and logs in `folder`.

    Raises:
        UnblockError: a server did not start, a user does not exist, or a process failed.
    """
    folder = folder.absolute()
    progress("signing users in")
    known = _sign_in(bench)
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
    one = Amount(1, requests_each=bench.effort.single_requests)
    with session.up(*_ordinary(bench)) as running:
        alone = [[session.run(server, entry, one) for server in running] for entry in bench.entries]
        for entry, runs in zip(bench.entries, alone, strict=True):
            if entry.path != bench.headline:
                for server, single in zip(running, runs, strict=True):
                    session.settle(server)
                    session.run(server, entry, _many(bench.effort, single))


def _sign_in(bench: Bench) -> Mapping[Side, Mapping[str, Login]]:
    """The logins in each side's database, made on both at the same time."""
    with ThreadPoolExecutor() as pool:
        made = pool.map(lambda app: logins.make(app, bench.users), bench.apps)
        return {app.side: login for app, login in zip(bench.apps, made, strict=True)}


def _many(effort: Effort, single: Run) -> Amount:
    """Many clients, for long enough to see a slow view's answers come in evenly."""
    alone_s = single.latency.p50 / 1000 if single.latency else 0.0
    seconds = max(effort.many_s, effort.many_rounds * alone_s)
    return Amount(effort.many_clients, seconds=seconds, warmup_s=effort.many_warmup_s)


def measure_headline(session: Session, bench: Bench) -> None:
    """The headline path with many clients on every server, one server at a time."""
    effort, entry = bench.effort, bench.headline_entry
    amount = Amount(
        effort.many_clients,
        seconds=effort.headline_s,
        warmup_s=effort.headline_warmup_s,
        settle_s=effort.headline_settle_s,
    )
    for app, variant in with_rivals(bench):
        with session.up((app, variant)) as [server]:
            session.run(server, entry, amount)


def _ordinary(bench: Bench) -> Iterator[tuple[App, Variant]]:
    """The old app as most run it, the converted one as it is meant to run."""
    yield bench.before, servers.gunicorn_sync()
    if bench.after:
        yield bench.after, servers.uvicorn(servers.cores())


def with_rivals(bench: Bench) -> list[tuple[App, Variant]]:
    """What the headline is measured on: the old app on each of its servers, then the new one."""
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
