"""Single aspects compared: what counts as a difference and, mostly, what does not."""

from dataclasses import replace

import msgspec
import pytest

from unblocker.verify.compare import ASPECTS, Seen, compare, went_ahead
from unblocker.verify.findings import CODES
from unblocker.verify.outbound import Call
from unblocker.verify.protocol import Mail, Observation, Raised, Rendered, Statement

READ = Statement("default", "SELECT 1", "()", False)
OTHER_READ = Statement("default", "SELECT 2", "()", False)
WRITE = Statement("default", "INSERT INTO a VALUES (%s)", "(1,)", True)
OTHER_WRITE = Statement("default", "UPDATE b SET c = %s", "(1,)", True)
JSON = (("Content-Type", "application/json"),)
HTML = (("Content-Type", "text/html; charset=utf-8"),)
FAILED = Raised("builtins.ValueError", "no")


def seen(*calls: Call, **fields: object) -> Seen:
    return Seen(Observation(**{"status": 200, **fields}), calls)  # type: ignore[arg-type]


def aspects(old: Seen, new: Seen) -> set[str]:
    return {finding.aspect for finding in compare(old, new)}


def call(method: str = "GET", path: str = "/", body: bytes = b"", **headers: str) -> Call:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Call(method, f"http://127.0.0.1:80{path}", pairs, body)


def mail(text: str) -> Mail:
    return Mail((("subject", text), ("text/plain", "x")))


def test_every_aspect_has_a_code() -> None:
    assert set(ASPECTS) == set(CODES)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            {"headers": (("Date", "1"), ("Server", "a"), ("X-B", "1"), ("Vary", "Cookie"))},
            {"headers": (("vary", "Cookie"), ("x-b", "1"), ("Date", "2"))},
        ),
        (
            {"headers": (*JSON, ("Content-Length", "16")), "body": b'{"a": 1, "b": 2}'},
            {"headers": (*JSON, ("Content-Length", "13")), "body": b'{"b":2,"a":1}'},
        ),
        (
            {
                "headers": HTML,
                "body": b'<input type="hidden" name="csrfmiddlewaretoken" value="abc">',
            },
            {
                "headers": HTML,
                "body": b'<input type="hidden" name="csrfmiddlewaretoken" value="xyz">',
            },
        ),
        (
            {"cookies": ("a=1; Path=/; HttpOnly", "b=2")},
            {"cookies": ("b=2", "a=1; HttpOnly; Path=/")},
        ),
        ({"mails": (mail("a"), mail("b"))}, {"mails": (mail("b"), mail("a"))}),
        ({"statements": (READ, OTHER_READ, WRITE)}, {"statements": (OTHER_READ, WRITE, READ)}),
        (
            {"raised": (Raised("builtins.ValueError", "<A object at 0x7f00aa11>"),)},
            {"raised": (Raised("builtins.ValueError", "<A object at 0x7f00bb22>"),)},
        ),
        (
            {"raised": (Raised("requests.exceptions.ConnectionError", "pool"),)},
            {"raised": (Raised("requests.exceptions.ConnectionError", "all"),)},
        ),
    ],
)
def test_what_does_not_count(old: dict[str, object], new: dict[str, object]) -> None:
    assert aspects(seen(**old), seen(**new)) == set()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"status": 200}, {"status": 0}, {"status"}),
        ({"headers": (("X-A", "1"),)}, {"headers": (("X-A", "2"),)}, {"headers"}),
        ({"headers": (("Location", "/a"),)}, {"headers": (("Location", "/b"),)}, {"redirect"}),
        ({"cookies": ("a=1; HttpOnly",)}, {"cookies": ("a=1",)}, {"cookies"}),
        ({"headers": JSON, "body": b"[1, 2]"}, {"headers": JSON, "body": b"[2, 1]"}, {"body"}),
        ({"headers": JSON, "body": b"1"}, {"headers": JSON, "body": b"1.0"}, {"body"}),
        ({"body": b'{"a": 1}'}, {"body": b'{"a":1}'}, {"body"}),
        ({"mails": (mail("a"), mail("a"))}, {"mails": (mail("a"),)}, {"mail"}),
        ({"raised": (FAILED,)}, {"raised": (Raised("builtins.ValueError", "yes"),)}, {"exception"}),
        ({"statements": (READ,)}, {"statements": (READ, READ)}, {"reads"}),
        ({"statements": (READ, READ)}, {"statements": (READ,)}, {"reads"}),
        (
            {"statements": (WRITE, OTHER_WRITE)},
            {"statements": (OTHER_WRITE, WRITE)},
            {"writes"},
        ),
        (
            {"statements": (WRITE,)},
            {"statements": (msgspec.structs.replace(WRITE, atomic=False),)},
            {"writes"},
        ),
        ({"files": (("a", "1"),)}, {"files": (("a", "2"),)}, {"files"}),
        (
            {"rendered": (Rendered("a.html", (("rows", "QuerySet"),)),)},
            {"rendered": (Rendered("a.html", (("rows", "list"),)),)},
            {"context"},
        ),
        (
            {"rendered": (Rendered("a.html", (("rows", "list"),)),)},
            {"rendered": (Rendered("b.html", ()),)},
            {"templates"},
        ),
    ],
)
def test_what_counts(old: dict[str, object], new: dict[str, object], expected: set[str]) -> None:
    assert aspects(seen(**old), seen(**new)) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([call(path="/a"), call(path="/b")], [call(path="/b"), call(path="/a")]),
        (
            [call("POST", body=b'{"a": 1}', content_type="application/json")],
            [call("POST", body=b'{"a":1}', content_type="application/json")],
        ),
        (
            [call(user_agent="python-requests/2.32", accept_encoding="gzip, deflate")],
            [call(user_agent="python-httpx/0.28", accept_encoding="gzip")],
        ),
        (
            [call("PUT", authorization="AWS4-HMAC-SHA256 a", x_amz_date="1")],
            [call("PUT", authorization="AWS4-HMAC-SHA256 b", x_amz_date="2")],
        ),
        (
            [call("POST", body=b"--q1\r\n", content_type="multipart/form-data; boundary=q1")],
            [call("POST", body=b"--z2\r\n", content_type="multipart/form-data; boundary=z2")],
        ),
    ],
)
def test_the_same_calls(old: list[Call], new: list[Call]) -> None:
    assert aspects(seen(*old), seen(*new)) == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([call()], []),
        ([call()], [call(), call()]),
        ([call("POST", "/a"), call("POST", "/b")], [call("POST", "/b"), call("POST", "/a")]),
        ([call("POST", body=b"1")], [call("POST", body=b"2")]),
        ([call(authorization="Bearer a")], [call(authorization="Bearer b")]),
        ([call(user_agent="shop/1")], [call(user_agent="shop/2")]),
    ],
)
def test_other_calls(old: list[Call], new: list[Call]) -> None:
    assert aspects(seen(*old), seen(*new)) == {"outbound"}


class TestGoingAhead:
    old = seen(statements=(READ,), raised=(FAILED,))

    def test_reads_and_questions_behind_a_failure_are_no_difference(self) -> None:
        new = seen(call(), statements=(READ, OTHER_READ), raised=(FAILED,))
        assert aspects(self.old, new) == set()
        assert went_ahead(self.old, new)

    def test_a_read_that_is_missing_still_is(self) -> None:
        new = seen(statements=(OTHER_READ,), raised=(FAILED,))
        assert aspects(self.old, new) == {"reads"}

    def test_writes_behind_a_failure_still_are(self) -> None:
        new = seen(call("POST"), statements=(READ, WRITE), raised=(FAILED,))
        assert aspects(self.old, new) == {"writes", "outbound"}
        assert not went_ahead(self.old, new)

    def test_without_a_failure_on_both_sides_it_is_a_difference(self) -> None:
        succeeded = replace(self.old, observation=Observation(200, statements=(READ,)))
        new = seen(statements=(READ, OTHER_READ))
        assert aspects(succeeded, new) == {"reads"}
        assert not went_ahead(succeeded, new)
