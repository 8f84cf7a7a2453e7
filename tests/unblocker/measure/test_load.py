"""The load generator against a server that keeps count of what it gets."""

import contextlib
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from unblocker.errors import UnblockError
from unblocker.measure import load
from unblocker.measure.load import Job, LoadClient
from unblocker.measure.percentiles import Sample
from unblocker.measure.prepared import Prepared
from unblocker.services import ports
from unblocker.services.processes import Supervisor


class Counting(ThreadingHTTPServer):
    """Counts requests, and how many it had at the same time."""

    daemon_threads = True
    request_queue_size = 100

    def __init__(self) -> None:
        super().__init__((ports.LOOPBACK, 0), Handler)
        self.lock = threading.Lock()
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.now = self.most = 0

    @property
    def port(self) -> int:
        return self.server_address[1]

    def handle_error(self, *_: object) -> None:
        """A client that gives up in the middle of a request is part of the game."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Counting

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with self.server.lock:
            self.server.seen.append((self.command, self.path, dict(self.headers), body))
            self.server.now += 1
            self.server.most = max(self.server.most, self.server.now)
        time.sleep(0.02)
        with self.server.lock:
            self.server.now -= 1
        self.send_response({"/bad": 503, "/away": 302}.get(self.path, 200))
        self.send_header("Content-Length", "5")
        self.send_header("Location", "/elsewhere")
        self.send_header("Set-Cookie", "visited=yes")
        self.end_headers()
        self.wfile.write(b"12345")

    do_GET = do_POST = answer  # noqa: N815  # the base class's names

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Counting]:
    with Counting() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def get(path: str) -> Prepared:
    return Prepared("GET", path, {"Cookie": "sessionid=s"}, b"")


def samples_of(client: LoadClient, job: Job) -> list[Sample]:
    client.run(job)
    return load.read(Path(job.samples))


def test_every_client_makes_its_requests(
    load_client: LoadClient, server: Counting, tmp_path: Path
) -> None:
    job = Job(server.port, get("/a"), 3, str(tmp_path / "s.jsonl"), requests_each=4)
    samples = samples_of(load_client, job)
    assert Counter(sample.status for sample in samples) == {200: 12}
    assert {(sample.size, sample.error) for sample in samples} == {(5, "")}
    assert len(server.seen) == 12
    assert server.most <= 3
    assert all(sample.start_s >= 0 and sample.ms > 0 for sample in samples)


def test_for_some_seconds_each_client_has_one_request_under_way(
    load_client: LoadClient, server: Counting, tmp_path: Path
) -> None:
    path = str(tmp_path / "s.jsonl")
    job = Job(server.port, get("/a"), 5, path, seconds=0.5, settle_s=5)
    outcome = load_client.run(job)
    samples = load.read(Path(path))
    assert outcome.settled
    assert server.most == 5
    # What the server saw also has the warm-up and what was given up in the end.
    assert 5 <= len(samples) < len(server.seen)
    ends = [sample.start_s + sample.ms / 1000 for sample in samples]
    assert 0 <= min(ends) <= max(ends) <= outcome.seconds


def test_a_warm_up_that_was_too_short_is_told(
    load_client: LoadClient, server: Counting, tmp_path: Path
) -> None:
    job = Job(server.port, get("/a"), 2, str(tmp_path / "s.jsonl"), seconds=0.1)
    assert not load_client.run(job).settled


def test_a_request_is_sent_as_prepared_and_cookies_are_not_picked_up(
    load_client: LoadClient, server: Counting, tmp_path: Path
) -> None:
    body = bytes(range(256))
    headers = {"Cookie": "sessionid=s; csrftoken=c", "Content-Type": "x/y", "X-CSRFTOKEN": "c"}
    request = Prepared("POST", "/form?a=1", headers, body)
    samples_of(
        load_client, Job(server.port, request, 1, str(tmp_path / "s.jsonl"), requests_each=2)
    )
    for method, path, got, sent in server.seen:
        assert (method, path, sent) == ("POST", "/form?a=1", body)
        assert headers.items() <= got.items()


def test_redirects_are_answers_and_are_not_followed(
    load_client: LoadClient, server: Counting, tmp_path: Path
) -> None:
    job = Job(server.port, get("/away"), 1, str(tmp_path / "s.jsonl"), requests_each=2)
    assert [(s.status, s.failed) for s in samples_of(load_client, job)] == [(302, False)] * 2
    assert {path for _, path, *_ in server.seen} == {"/away"}


def test_an_error_status_is_kept_as_it_came(
    load_client: LoadClient, server: Counting, tmp_path: Path
) -> None:
    job = Job(server.port, get("/bad"), 1, str(tmp_path / "s.jsonl"), requests_each=2)
    samples = samples_of(load_client, job)
    assert [(s.status, s.size, s.error, s.failed) for s in samples] == [(503, 5, "", True)] * 2


def test_no_server_is_an_error_per_request(load_client: LoadClient, tmp_path: Path) -> None:
    job = Job(ports.claim(), get("/a"), 2, str(tmp_path / "s.jsonl"), requests_each=1)
    samples = samples_of(load_client, job)
    assert [(s.status, "refused" in s.error) for s in samples] == [(0, True)] * 2


def test_a_server_that_hangs_up_is_an_error(load_client: LoadClient, tmp_path: Path) -> None:
    def hang_up() -> None:
        with contextlib.suppress(OSError):
            while True:
                server.accept()[0].close()

    with socket.create_server((ports.LOOPBACK, 0)) as server:
        thread = threading.Thread(target=hang_up)
        thread.start()
        port = server.getsockname()[1]
        job = Job(port, get("/a"), 1, str(tmp_path / "s.jsonl"), requests_each=1)
        [sample] = samples_of(load_client, job)
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert sample.failed
    assert sample.error


def test_a_load_generator_that_dies_is_reported(supervisor: Supervisor, tmp_path: Path) -> None:
    log = tmp_path / "load.log"
    with load.started(supervisor, log) as client:
        job = Job(ports.claim(), get("/a"), 1, str(log / "no-folder" / "s.jsonl"), requests_each=1)
        with pytest.raises(UnblockError) as caught:
            client.run(job)
    assert caught.value.code == "U070"
    assert "NotADirectoryError" in caught.value.hint
