"""Recording servers: worker processes, threads, an event loop, and being interrupted."""

import http.client
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.unblocker.record.recorded import (
    entrances,
    line_of,
    recording_of,
    requests,
    start_recording,
    view,
)
from unblocker.records.recording import Recording
from unblocker.services.ports import answers, claim

PATIENCE_S = 60.0


@contextmanager
def recorded(project: Path, *server: str, port: int, **variables: str) -> Iterator[list[str]]:
    """The server under the recorder, stopped at the end; then its output is there."""
    output: list[str] = []
    process = start_recording("--", sys.executable, "-m", *server, cwd=project, **variables)
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not answers(port):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield output
    finally:
        output.append(ended(process, signal.SIGINT))


def ended(process: "subprocess.Popen[str]", number: signal.Signals) -> str:
    process.send_signal(number)
    try:
        return process.communicate(timeout=PATIENCE_S)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def ask(port: int, path: str, *, body: bytes | None = None) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", body, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def paths_of(recording: Recording) -> dict[str, int]:
    return {one.view.rpartition(".")[2]: one.requests for one in recording.views}


def test_all_workers_of_gunicorn_are_recorded(served: Path, upstream: str) -> None:
    port = claim()
    server = ("gunicorn", "-w", "2", "-k", "gthread", "--threads", "2", "--no-control-socket")
    options = ("-b", f"127.0.0.1:{port}", "--graceful-timeout", "2", "library.wsgi")
    with recorded(served, *server, *options, port=port, LIBRARY_UPSTREAM=upstream) as output:
        assert [ask(port, "/") for _ in range(8)] == [200] * 8
        assert ask(port, "/outward/") == 200
        assert ask(port, "/pooled/") == 200
        assert ask(port, "/add/", body=b"title=Second") == 200
        assert ask(port, "/broken/") == 500
        assert ask(port, "/nowhere/") == 404
        leave_hanging(port, "/stuck/")
    recording = recording_of(served)
    assert paths_of(recording) == {
        "counts": 8, "outward": 1, "pooled": 1, "add": 1, "broken": 1, "stuck": 1,
    }  # fmt: skip
    assert recording.unrouted == 1
    assert "Handling signal: int" in output[0]
    assert len(list(served.glob(".unblock/recorded/*/*.jsonl"))) >= 2
    assert_outward_calls(recording)
    assert_threads(recording)
    assert view(recording, "stuck").unfinished == 1
    assert [one.kind for one in requests(recording, "stuck")[0].operations] == ["query"]


def leave_hanging(port: int, path: str) -> None:
    """Ask, and go away without an answer, once the view has begun."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    time.sleep(1)
    connection.close()


def assert_outward_calls(recording: Recording) -> None:
    (request,) = requests(recording, "outward")
    assert [(one.kind, one.label, one.stand_in, str(one.place)) for one in request.operations] == [
        ("cache", "default.set", True, line_of("cache.set(")),
        ("mail", "locmem", True, line_of("send_mail(")),
        ("http", "GET 127.0.0.1", False, line_of("urllib.request.urlopen(")),
    ]


def assert_threads(recording: Recording) -> None:
    (request,) = requests(recording, "pooled")
    where = line_of("return Book.objects.count()")
    assert [(one.kind, str(one.place)) for one in request.operations] == [("query", where)] * 2


def test_requests_on_an_event_loop_are_kept_apart(served: Path) -> None:
    port = claim()
    server = ("uvicorn", "--port", str(port), "library.asgi:application")
    with recorded(served, *server, port=port):
        assert [ask(port, path) for path in ("/waiting/", "/counts/", "/", "/archived/")] == [
            200, 404, 200, 200,
        ]  # fmt: skip
    recording = recording_of(served)
    assert entrances(recording.requests) == {"asgi": 3}
    places = {
        name: [str(one.place) for one in requests(recording, name)[0].operations]
        for name in ("waiting", "counts", "archived")
    }
    assert places["waiting"] == [line_of("await Book.objects.acount()")]
    assert places["archived"] == [line_of('using("archive")')]
    assert len(places["counts"]) == 3
    assert [one.database for one in requests(recording, "archived")[0].operations] == ["archive"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_reaches_the_command_and_what_was_recorded_is_kept(
    served: Path, number: signal.Signals
) -> None:
    port = claim()
    process = start_recording(
        "--", "manage.py", "runserver", "--noreload", str(port), cwd=served, PYTHONUNBUFFERED="1"
    )
    deadline = time.monotonic() + PATIENCE_S
    while not answers(port):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert ask(port, "/") == 200
    output = ended(process, number)
    assert view(recording_of(served), "counts").requests == 1
    assert process.returncode == (143 if number == signal.SIGTERM else 0), output
    assert recording_of(served).runs[0].status == process.returncode
