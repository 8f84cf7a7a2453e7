"""The recording proxy, used through the standard library's own support for proxies."""

import http.client
import urllib.request
from collections.abc import Iterator
from urllib.error import URLError

import pytest

from unblocker.verify.outbound import Call, canonical_call
from unblocker.verify.process import Side
from unblocker.verify.protocol import Fault
from unblocker.verify.recorder import Recorder

TIMEOUT = 10


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder(("old", "new"), frozenset()) as recorder:
        recorder.begin()
        yield recorder


def ask(recorder: Recorder, side: Side, url: str, body: bytes | None = None) -> str:
    proxy = f"http://127.0.0.1:{recorder.port(side)}"
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"http": proxy, "https": proxy})
    )
    with opener.open(url, data=body, timeout=TIMEOUT) as response:
        return response.read().decode()


def test_both_sides_get_the_one_answer(recorder: Recorder, upstream_url: str) -> None:
    first = ask(recorder, "old", f"{upstream_url}/a?b=1")
    assert ask(recorder, "new", f"{upstream_url}/a?b=1") == first


def test_each_repetition_has_its_own_answer(recorder: Recorder, upstream_url: str) -> None:
    answers = [ask(recorder, "old", f"{upstream_url}/a") for _ in range(2)]
    assert answers[0] != answers[1]
    assert [ask(recorder, "new", f"{upstream_url}/a") for _ in range(2)] == answers


def test_another_body_is_another_call(recorder: Recorder, upstream_url: str) -> None:
    assert ask(recorder, "old", upstream_url, b"1") != ask(recorder, "new", upstream_url, b"2")


def test_the_next_request_gets_a_new_answer(recorder: Recorder, upstream_url: str) -> None:
    before = ask(recorder, "old", upstream_url)
    recorder.begin()
    assert recorder.calls("old") == ()
    assert ask(recorder, "old", upstream_url) != before


def test_calls_are_kept_in_order(recorder: Recorder, upstream_url: str) -> None:
    ask(recorder, "old", f"{upstream_url}/a", b"x=1")
    ask(recorder, "old", f"{upstream_url}/b")
    first, second = recorder.calls("old")
    assert (first.method, first.url, first.body) == ("POST", f"{upstream_url}/a", b"x=1")
    assert (second.method, second.url) == ("GET", f"{upstream_url}/b")
    assert recorder.calls("new") == ()


@pytest.mark.parametrize(
    ("url", "host"),
    [("http://example.com/x", "example.com"), ("https://example.com/x", "example.com:443")],
)
def test_other_hosts_are_refused(recorder: Recorder, url: str, host: str) -> None:
    with pytest.raises((URLError, http.client.HTTPException, OSError)):
        ask(recorder, "old", url)
    assert recorder.blocked == {host}


def test_an_upstream_that_is_down_is_no_answer(recorder: Recorder) -> None:
    with pytest.raises((URLError, http.client.HTTPException, OSError)):
        ask(recorder, "old", "http://127.0.0.1:1/")
    assert recorder.blocked == set()
    assert len(recorder.calls("old")) == 1


def test_bodies_in_chunks_are_put_together(recorder: Recorder, upstream_url: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", recorder.port("old"), timeout=TIMEOUT)
    connection.request("POST", f"{upstream_url}/c", body=iter([b"one", b"two"]))
    assert connection.getresponse().status == 200
    connection.close()
    assert [call.body for call in recorder.calls("old")] == [b"onetwo"]


@pytest.mark.parametrize(("timeout", "patient"), [(0.05, set()), (TIMEOUT, {"127.0.0.1"})])
def test_a_held_call_ends_with_its_client_or_is_noted(
    recorder: Recorder,
    upstream_url: str,
    timeout: float,
    patient: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("unblocker.verify.recorder.HELD_SECONDS", 0.5)
    url = f"{upstream_url}/held"
    recorder.again(Fault("timeout", canonical_call(Call("GET", url, (), b""))))
    connection = http.client.HTTPConnection("127.0.0.1", recorder.port("old"), timeout=timeout)
    connection.request("GET", url)
    with pytest.raises((TimeoutError, http.client.RemoteDisconnected)):
        connection.getresponse()
    connection.close()
    assert {host.partition(":")[0] for host in recorder.patient} == patient
