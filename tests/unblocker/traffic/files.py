"""Files of requests, as browsers, servers and the recorder write them."""

import json
from contextlib import contextmanager

from unblocker.errors import UnblockError
from unblocker.records.codec import to_json
from unblocker.records.recording import RecordedRequest, Recording, Replay

PAGE = "https://shop.example/products/?page=2"


def har(*entries: dict) -> bytes:
    return json.dumps({"log": {"version": "1.2", "entries": entries}}, indent=1).encode()


def entry(url: str = PAGE, method: str = "GET", mime: str = "text/html", **request: object) -> dict:
    asked = {"method": method, "url": url, "headers": [], "cookies": [], **request}
    return {"request": asked, "response": {"status": 200, "content": {"mimeType": mime}}}


def logged(request: str, status: int = 200) -> bytes:
    """A line in the combined format."""
    at = "[22/Nov/2026:14:00:00 +0000]"
    return f'10.0.0.1 - - {at} "{request}" {status} 512 "-" "Mozilla/5.0"\n'.encode("latin-1")


def recording(*requests: RecordedRequest) -> bytes:
    return to_json(Recording("/shop", (), (), requests))


def recorded(
    path: str = "/", method: str = "GET", query: str = "", body: bytes = b"", **replay: object
) -> RecordedRequest:
    whole = Replay(path, query, replay.pop("headers", {}), body, **replay)
    return RecordedRequest("shop.views.home", "", method, 200, 1.0, "test client", replay=whole)


@contextmanager
def suppress_only(*codes: str):
    """Errors with one of these codes that name file and line are as good as a result."""
    try:
        yield
    except UnblockError as error:
        if error.code not in codes or error.place is None:
            raise
