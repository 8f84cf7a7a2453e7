import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unblocker.traffic.files import logged
from unblocker.records.traffic import LeftOut
from unblocker.traffic.access_log import read_access_log

COMMON = b'10.0.0.1 - ann [22/Nov/2026:14:00:00 +0000] "GET /a/ HTTP/1.1" 200 12\n'
WITH_HOST = b'shop.example:443 10.0.0.1 - - [22/Nov/2026:14:00:00 +0000] "GET /a/ HTTP/2.0" 200 -\n'
GUNICORN = b'127.0.0.1 - - [22/Nov/2026:14:00:00 +0000] "GET /a/ HTTP/1.1" 200 12 "-" "curl/8"\n'
JOURNAL = b"Nov 22 14:00:00 web gunicorn[123456]: " + GUNICORN


def told(*lines, **options):
    return [str(one) for one in read_access_log(lines, **options).requests]


@pytest.mark.parametrize("line", [COMMON, WITH_HOST, GUNICORN, JOURNAL])
def test_formats_that_are_read(line):
    assert told(line) == ["GET /a/ as anonymous"]


def test_the_most_frequent_come_first_and_once():
    lines = [logged(f"GET {path} HTTP/1.1") for path in ("/a/", "/b/", "/b/", "/c/?d=1", "/b/")]
    assert told(*lines, user="ann") == ["GET /b/ as ann", "GET /a/ as ann", "GET /c/?d=1 as ann"]


def test_rarer_ones_are_left_out_and_counted():
    lines = [logged(f"GET {path} HTTP/1.1") for path in ("/a/", "/b/", "/b/", "/c/")]
    found = read_access_log(lines, most=1)
    assert [one.path for one in found.requests] == ["/b/"]
    assert found.left_out == (LeftOut("to paths that are not among the 1 most frequent", 2),)


def test_a_head_is_another_request_than_a_get():
    assert len(told(logged("HEAD / HTTP/1.1"), logged("GET / HTTP/1.1"))) == 2


@pytest.mark.parametrize(
    ("request_line", "reason"),
    [
        ("POST /cart/ HTTP/1.1", "POST is not in an access log with its body"),
        ("OPTIONS * HTTP/1.1", "OPTIONS is not in an access log with its body"),
        ("GET http://other.example/ HTTP/1.1", "its path does not start with a slash"),
        ("GET /static/app.js?v=1 HTTP/1.1", "a static file"),
        ("-", "no HTTP request on this line of the log"),
        (r"\x16\x03\x01", "no HTTP request on this line of the log"),
        ("get / HTTP/1.1", "no HTTP request on this line of the log"),
        ("GET /a b HTTP/1.1", "no HTTP request on this line of the log"),
    ],
)
def test_what_is_left_out_is_counted_by_reason(request_line, reason):
    found = read_access_log([logged(request_line)] * 2)
    assert found.requests == ()
    assert found.left_out == (LeftOut(reason, 2),)


def test_other_lines_are_left_out_and_empty_ones_are_nothing():
    found = read_access_log([b"\n", b"Traceback (most recent call last):\n", COMMON])
    assert len(found.requests) == 1
    assert found.left_out == (LeftOut("no HTTP request on this line of the log"),)


def test_what_a_server_has_escaped_is_percent_encoded():
    assert told(logged(r"GET /caf\xC3\xA9/?q=\x22 HTTP/1.1")) == [
        "GET /caf%C3%A9/?q=%22 as anonymous"
    ]


def test_what_a_server_has_not_escaped_is_too():
    line = COMMON.replace(b"/a/", "/café/".encode())
    assert told(line) == ["GET /caf%C3%A9/ as anonymous"]


@given(
    st.lists(
        st.binary()
        | st.text().map(lambda one: logged(repr(one)[1:-1].encode("ascii", "replace").decode()))
    )
)
def test_every_line_that_is_not_blank_is_read_or_left_out(lines):
    found = read_access_log(lines)
    assert all(one.path.isascii() for one in found.requests)
    assert len(found.requests) + sum(one.requests for one in found.left_out) <= len(lines)
