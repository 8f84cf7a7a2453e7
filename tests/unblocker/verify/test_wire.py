import json
from email import message_from_bytes

from unblocker.records.traffic import Request, Upload
from unblocker.verify.protocol import Wire
from unblocker.verify.wire import encode


def headers(wire: Wire) -> dict[str, str]:
    return dict(wire.headers)


def test_queries_are_joined_and_repeated() -> None:
    wire = encode(Request("GET", "/a/?x=1", query={"q": ("tea & co", "é")}), {})
    assert wire.path == "/a/"
    assert wire.query == "x=1&q=tea+%26+co&q=%C3%A9"
    assert wire.body == b""
    assert "content-type" not in headers(wire)


def test_a_path_is_encoded_once() -> None:
    assert encode(Request("GET", "/caf\u00e9/%C3%A9/"), {}).path == "/caf%C3%A9/%C3%A9/"


def test_a_form() -> None:
    wire = encode(Request("POST", "/", data={"a": "1", "b": ("2", "3")}), {})
    assert wire.body == b"a=1&b=2&b=3"
    assert headers(wire)["content-type"] == "application/x-www-form-urlencoded"
    assert headers(wire)["content-length"] == "11"


def test_json() -> None:
    wire = encode(Request("PUT", "/", json={"a": [1]}), {})
    assert json.loads(wire.body) == {"a": [1]}
    assert headers(wire)["content-type"] == "application/json"


def test_files_and_fields() -> None:
    request = Request(
        "POST", "/", data={"title": "x"}, files={"f": Upload("a.bin", b"\0\1", "image/png")}
    )
    wire = encode(request, {})
    head = f"Content-Type: {headers(wire)['content-type']}\r\n\r\n".encode()
    parts = message_from_bytes(head + wire.body).get_payload()
    assert [part.get_payload(decode=True) for part in parts] == [b"x", b"\0\1"]  # type: ignore[union-attr]
    assert parts[1].get_content_type() == "image/png"  # type: ignore[index, union-attr]


def test_cookies_and_own_headers() -> None:
    wire = encode(Request("GET", "/", headers={"Accept": "text/csv"}), {"a": "1", "b": "2"})
    assert headers(wire)["cookie"] == "a=1; b=2"
    assert headers(wire)["accept"] == "text/csv"
    assert headers(wire)["host"] == "testserver"


def test_the_same_request_has_the_same_bytes() -> None:
    request = Request("POST", "/", files={"f": Upload("a.bin", b"1")})
    assert encode(request, {}) == encode(request, {})


def test_a_body_is_sent_as_it_is() -> None:
    request = Request("POST", "/", headers={"Content-Type": "text/xml"}, body=b"<a>\xff</a>")
    wire = encode(request, {})
    assert wire.body == b"<a>\xff</a>"
    assert headers(wire)["content-type"] == "text/xml"
    assert headers(wire)["content-length"] == "8"
