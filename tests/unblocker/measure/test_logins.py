"""Sessions made inside the project let requests pass as a user's, CSRF included."""

import base64
import http.client
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unblocker.measure.project import Tiny
from unblocker.config import BenchEntry
from unblocker.errors import UnblockError
from unblocker.measure import logins, servers
from unblocker.measure.prepared import Prepared, prepare
from unblocker.measure.servers import App
from unblocker.services import ports
from unblocker.services.processes import Supervisor

FILE = {"name": "a.txt", "type": "text/plain", "content_base64": base64.b64encode(b"hi").decode()}


def entry(**fields: object) -> BenchEntry:
    return BenchEntry(view="whoami", path="/whoami/", **fields)


def asked(port: int, request: Prepared) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=30)
    connection.request(request.method, request.path, request.body or None, request.headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


@pytest.mark.parametrize("variables", [{}, {"TINY_CSRF_IN_SESSION": "1"}])
def test_requests_pass_as_the_users(
    tiny: Tiny, supervisor: Supervisor, tmp_path: Path, variables: dict[str, str]
) -> None:
    app = tiny.app("before", **variables)
    made = logins.make(app, ["ann"])
    assert set(made) == {"", "ann"}
    port = ports.claim()
    process = supervisor.start(servers.gunicorn_sync().command(app, port, tmp_path / "log"))
    upload = entry(method="POST", as_user="ann", data={"title": "T"}, files={"file": FILE})
    for bench, body in [
        (entry(), {"user": ""}),
        (entry(as_user="ann"), {"user": "ann"}),
        (entry(method="POST", data={"a": "1"}), {"user": "", "a": "1"}),
        (upload, {"user": "ann", "title": "T", "file": "hi"}),
    ]:
        status, answer = asked(port, prepare(bench, made))
        assert status == 200, answer
        assert json.loads(answer) == body
    unsigned = replace(prepare(upload, made), headers={})
    assert asked(port, unsigned)[0] == 403
    supervisor.stop(process)


def test_a_user_who_does_not_exist_is_named(tiny: Tiny) -> None:
    with pytest.raises(UnblockError) as caught:
        logins.make(tiny.app("after"), ["ann", "bob"])
    assert caught.value.code == "U071"
    assert caught.value.text.endswith("the after app's database: bob")


def test_a_project_that_cannot_start_is_reported(tiny: Tiny) -> None:
    app = replace(tiny.app("before"), wsgi="tiny_missing:application")
    with pytest.raises(UnblockError) as caught:
        logins.make(app, [])
    assert caught.value.code == "U072"
    assert "tiny_missing" in caught.value.hint


def test_variables_that_would_change_a_server_are_left_out(
    tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", "9")
    monkeypatch.setenv("KEPT", "yes")
    environment = App("before", Path(), {"TINY": "x"}, "", "").whole_environment()
    assert "WEB_CONCURRENCY" not in environment
    assert (environment["KEPT"], environment["TINY"]) == ("yes", "x")
    assert "TINY" not in os.environ
