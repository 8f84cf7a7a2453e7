"""The warm-up reaches each process of every server."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.unblocker.measure.project import Tiny
from unblocker.measure import servers
from unblocker.measure.prepared import Prepared
from unblocker.measure.servers import Variant
from unblocker.measure.warming import warm
from unblocker.services import ports
from unblocker.services.processes import Command, Process, Supervisor

VARIANTS = (
    servers.gunicorn_sync(),
    servers.gunicorn_gthread(3),
    servers.gunicorn_gevent(3),
    servers.uvicorn(3),
    servers.gunicorn_gthread(1),
    servers.uvicorn(1),
)
HALF_ASLEEP = """
import os, socket, sys, time

listening = socket.create_server(("127.0.0.1", int(sys.argv[1])))
for sleeps in (True, False):
    if not os.fork():
        while not sleeps:
            connection, _ = listening.accept()
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n")
            connection.close()
        time.sleep(100)
        os._exit(0)
time.sleep(100)
"""


def get(path: str) -> Prepared:
    return Prepared("GET", path, {}, b"")


@contextmanager
def serving(
    supervisor: Supervisor, tiny: Tiny, variant: Variant, folder: Path
) -> Iterator[Process]:
    side = "before" if variant.interface == "wsgi" else "after"
    command = variant.command(tiny.app(side), ports.claim(), folder / "server.log")
    process = supervisor.start(command)
    try:
        yield process
    finally:
        supervisor.stop(process)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda one: f"{one.name} of {one.processes}")
def test_every_process_answers_as_often_as_it_should(
    supervisor: Supervisor, tiny: Tiny, variant: Variant, tmp_path: Path
) -> None:
    answered = tmp_path / "answered"
    with serving(supervisor, tiny, variant, tmp_path) as process:
        cold = warm(process, variant, get(f"/signed/?file={answered}"))
    times = Counter(answered.read_text().split())
    assert cold == 0
    assert sorted(times.values()) == [variant.warming] * variant.processes


def test_a_request_that_fails_warms_up_too(
    supervisor: Supervisor, tiny: Tiny, tmp_path: Path
) -> None:
    variant = servers.uvicorn(2)
    with serving(supervisor, tiny, variant, tmp_path) as process:
        assert warm(process, variant, get("/broken/")) == 0
    assert (tmp_path / "server.log").read_text().count("RuntimeError: broken on purpose") == 8


def test_a_process_that_takes_no_connection_is_told_and_none_stays_stopped(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    port = ports.claim()
    argv = (sys.executable, "-c", HALF_ASLEEP, str(port))
    log = tmp_path / "server.log"
    process = supervisor.start(Command("a server", argv, cwd=tmp_path, log=log, port=port))
    variant = replace(servers.gunicorn_sync(), processes=2)
    assert warm(process, variant, get("/"), patience_s=2) == 1
    family = psutil.Process(process.popen.pid).children(recursive=True)
    assert psutil.STATUS_STOPPED not in {member.status() for member in family}
    supervisor.stop(process)


def test_a_process_that_is_not_there_is_told(
    supervisor: Supervisor, tiny: Tiny, tmp_path: Path
) -> None:
    variant = servers.gunicorn_sync()
    with serving(supervisor, tiny, variant, tmp_path) as process:
        one_more = replace(variant, processes=variant.processes + 1)
        assert warm(process, one_more, get("/ping/"), patience_s=1) == 1
