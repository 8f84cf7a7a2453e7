"""The application under each of the ASGI servers, in a process of its own, over real connections."""

import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from testapp.models import Author

HERE = Path(__file__).parent
APP = "served.asgi:application"
COMMANDS = {
    "uvicorn": ("uvicorn", APP, "--host", "127.0.0.1", "--port"),
    "granian": ("granian", APP, "--interface", "asgi", "--host", "127.0.0.1", "--port"),
    "hypercorn": ("hypercorn", APP, "--bind"),
    "daphne": ("daphne", APP, "-b", "127.0.0.1", "-p"),
}
# Nobody tells the application that the server starts or stops.
WITHOUT_LIFESPAN = {"daphne"}


class Server:
    def __init__(self, name, log):
        self.name = name
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        module, *arguments = COMMANDS[name]
        address = f"127.0.0.1:{self.port}" if name == "hypercorn" else str(self.port)
        settings = {key: connection.settings_dict[key] for key in DATABASE}
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                (sys.executable, "-m", module, *arguments, address),
                cwd=HERE,
                env={
                    **os.environ,
                    "DJANGO_SETTINGS_MODULE": "served.settings",
                    "PYTHONPATH": os.pathsep.join((str(HERE), os.environ.get("PYTHONPATH", ""))),
                    "SERVED_DATABASE": json.dumps(settings),
                },
                stdout=output,
                stderr=output,
            )

    def wait_until_up(self):
        until(self._answers, 30)

    def _answers(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.get("/page/")
        except OSError:
            return None

    def request(self, method, path, body=None, **more):
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        client.request(method, path, body=body, **more)
        return client.getresponse()

    def get(self, path):
        return self.request("GET", path).read().decode()

    def terminate(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


DATABASE = ("NAME", "HOST", "PORT", "USER", "PASSWORD")


@pytest.fixture(scope="module", params=COMMANDS)
def server(request, database, tmp_path_factory):
    started = Server(request.param, tmp_path_factory.mktemp(request.param) / "log")
    try:
        started.wait_until_up()
        yield started
    finally:
        started.terminate()


def until(condition, seconds):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return found


def sleeping():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' "
            "AND query = 'SELECT pg_sleep(60)'"
        )
        return cursor.fetchone()[0]


def test_a_page_through_sessions_and_the_orm(server):
    assert json.loads(server.get("/page/")) == {"authors": Author.objects.count(), "user": ""}


@pytest.mark.parametrize("path", ["/stream/", "/astream/"])
def test_a_stream_is_sent_part_by_part(server, path):
    response = server.request("GET", path)
    assert response.readline() == b"one\n"
    assert server.get("/go/") == "gone"
    assert response.read().decode() == f"{Author.objects.count()}\n"


@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "in chunks"])
def test_an_upload(server, chunked):
    parts = [bytes([number]) * 100_000 for number in range(20)]
    body = iter(parts) if chunked else b"".join(parts)
    response = server.request("POST", "/upload/", body=body, encode_chunked=chunked)
    assert response.read().decode() == hashlib.sha256(b"".join(parts)).hexdigest()


def test_a_client_that_leaves_ends_its_query(server):
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b"GET /slow/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until(sleeping, 10)
    until(lambda: not sleeping(), 10)
    assert json.loads(server.get("/page/"))["user"] == ""


@pytest.mark.usefixtures("clean_tables")
def test_what_follows_the_response_is_done_whether_the_client_stays_or_not(server):
    for number in range(10):
        assert server.get(f"/ending-with/{number}/") == "ends"
    until(lambda: Author.objects.filter(name__startswith="finished").count() == 10, 10)


def test_startup_hooks_have_run(server):
    hooks = [] if server.name in WITHOUT_LIFESPAN else ["started"]
    assert json.loads(server.get("/started/")) == hooks


@pytest.mark.usefixtures("clean_tables")
def test_sigterm_ends_it_with_its_background_work_done_or_named(server):
    server.get("/job/")
    server.terminate()
    done = Author.objects.filter(name="written during shutdown").count()
    if server.name in WITHOUT_LIFESPAN:
        assert not done
        assert "served.views.late, started by GET /job/, was not" in server.log.read_text()
    else:
        assert done == 1, server.log.read_text()
