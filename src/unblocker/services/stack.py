"""All services of a project, started together."""

from dataclasses import dataclass
from pathlib import Path

from unblocker.services import latency, ports, postgres, s3, smtp, upstream
from unblocker.services.environment import (
    S3,
    Database,
    ServiceOptions,
    Services,
    Smtp,
    Upstream,
)
from unblocker.services.ports import LOOPBACK
from unblocker.services.postgres import Postgres
from unblocker.services.processes import Process, Supervisor


@dataclass(frozen=True, slots=True)
class Stack:
    """What runs: where to find it, and the database server to make databases on."""

    services: Services
    postgres: Postgres


def start(
    supervisor: Supervisor, options: ServiceOptions, tree: Path, folder: Path, database: str
) -> Stack:
    """Start what `options` ask for, and return when all of it answers.

    Args:
        supervisor: stops it all in the end.
        options: which services, and how far away they are to look.
        tree: the project, from which the upstream app is imported.
        folder: for data and logs; see `postgres.start` for where it should be.
        database: name of the database to create, empty.

    Raises:
        UnblockError: a service did not come up; the error holds its last log lines.
    """
    folder = folder.absolute()
    starting: list[Process] = []
    mail = _start_smtp(supervisor, options, folder, starting)
    api = _start_upstream(supervisor, options, tree, folder, starting)
    storage = _start_s3(supervisor, options, folder, starting)
    server = postgres.start(supervisor, folder)
    server.create(database)
    proxy_port = ports.claim()
    proxy = latency.command(
        "the database's latency proxy",
        proxy_port,
        server.port,
        options.database_delay_ms,
        folder / "latency.log",
    )
    starting.append(supervisor.spawn(proxy))
    for process in starting:
        process.wait_ready()
    if storage:
        s3.create_bucket(storage.port, storage.bucket)
    place = Database(port=proxy_port, near_port=server.port, name=database)
    return Stack(Services(place, mail, api, storage), server)


def _start_smtp(
    supervisor: Supervisor, options: ServiceOptions, folder: Path, starting: list[Process]
) -> Smtp:
    place = Smtp(ports.claim(), folder / "mail.jsonl")
    log = folder / "smtp.log"
    command = smtp.command(place.port, options.smtp_delay_ms, place.messages, log)
    starting.append(supervisor.spawn(command))
    return place


def _start_upstream(
    supervisor: Supervisor,
    options: ServiceOptions,
    tree: Path,
    folder: Path,
    starting: list[Process],
) -> Upstream | None:
    if not options.upstream:
        return None
    port = ports.claim()
    log = folder / "upstream.log"
    command = upstream.command(options.upstream, tree, port, options.upstream_delay_ms, log)
    starting.append(supervisor.spawn(command))
    return Upstream(port, f"http://{LOOPBACK}:{port}")


def _start_s3(
    supervisor: Supervisor, options: ServiceOptions, folder: Path, starting: list[Process]
) -> S3 | None:
    if not options.s3_bucket:
        return None
    port = ports.claim()
    starting.append(supervisor.spawn(s3.command(port, folder / "s3.log")))
    return S3(port, s3.endpoint(port), options.s3_bucket)
