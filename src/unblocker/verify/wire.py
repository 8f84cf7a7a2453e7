"""A request of the traffic file, encoded once, so that both sides get the same bytes."""

from collections.abc import Mapping
from urllib.parse import quote

import httpx

from unblocker.records.traffic import Request
from unblocker.verify.protocol import Wire

HOST = "testserver"
BOUNDARY = "unblock-verify-boundary"
_SAFE = "/:@!$&'()*+,;=~%"


def encode(request: Request, cookies: Mapping[str, str]) -> Wire:
    """The request as a browser with these cookies would send it."""
    path, _, own_query = request.path.partition("?")
    encoded = httpx.Request(
        request.method,
        f"http://{HOST}/",
        params=_multiple(request.query),
        headers={"host": HOST, **_content_type(request)},
        data=_multiple(request.data) or None,
        files=[(name, (file.name, file.content, file.content_type)) for name, file in request.files.items()]
        or None,
        json=request.json,
        content=request.body or None,
    )  # fmt: skip
    headers = {
        name: value for name, value in encoded.headers.items() if name != "transfer-encoding"
    }
    headers.update({name.lower(): value for name, value in request.headers.items()})
    if cookies:
        headers["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    queries = (own_query, encoded.url.query.decode("ascii"))
    return Wire(
        method=request.method,
        path=quote(path, safe=_SAFE),
        query="&".join(query for query in queries if query),
        headers=tuple(headers.items()),
        body=encoded.read(),
    )


def _content_type(request: Request) -> dict[str, str]:
    if request.files:
        return {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    return {}


def _multiple(fields: Mapping[str, str | tuple[str, ...]]) -> dict[str, str | list[str]]:
    return {
        name: value if isinstance(value, str) else list(value) for name, value in fields.items()
    }
