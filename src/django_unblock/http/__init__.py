"""Outbound HTTP without blocking: the functions of `requests`, awaited.

    response = await http.get("https://api.example.com/prices", params={"q": "tea"}, timeout=5)
    response.raise_for_status()
    prices = response.json()

Keywords, defaults (redirects followed except by `head`, no timeout), response attributes and
exceptions are those of https://requests.readthedocs.io/en/latest/api/. What differs is documented:
calls made on one event loop share its connections; the calls are sessionless all the same, and keep
no cookies.
"""

from dataclasses import fields
from typing import Any, Unpack

from django_unblock.http import client, clients
from django_unblock.http.exceptions import (
    ChunkedEncodingError,
    ConnectionError,  # noqa: A004 - requests' name
    ConnectTimeout,
    ContentDecodingError,
    HTTPError,
    InvalidHeader,
    InvalidJSONError,
    InvalidProxyURL,
    InvalidSchema,
    InvalidURL,
    JSONDecodeError,
    MissingSchema,
    ProxyError,
    ReadTimeout,
    RequestException,
    SSLError,
    StreamConsumedError,
    Timeout,
    TooManyRedirects,
    UnrewindableBodyError,
)
from django_unblock.http.keywords import (
    DataKeywords,
    GetKeywords,
    PostKeywords,
    RequestKeywords,
)
from django_unblock.http.prepare import Content, Prepared, prepared
from django_unblock.http.response import Response
from django_unblock.http.stand_ins import honour_stand_ins

__all__ = [
    "ChunkedEncodingError",
    "ConnectTimeout",
    "ConnectionError",
    "ContentDecodingError",
    "HTTPError",
    "InvalidHeader",
    "InvalidJSONError",
    "InvalidProxyURL",
    "InvalidSchema",
    "InvalidURL",
    "JSONDecodeError",
    "MissingSchema",
    "Prepared",
    "ProxyError",
    "ReadTimeout",
    "RequestException",
    "Response",
    "SSLError",
    "StreamConsumedError",
    "Timeout",
    "TooManyRedirects",
    "UnrewindableBodyError",
    "close",
    "delete",
    "get",
    "head",
    "options",
    "patch",
    "post",
    "put",
    "request",
]

close = clients.close


_CONTENT = [field.name for field in fields(Content)]


@honour_stand_ins
async def request(method: str, url: str | bytes, **keywords: Unpack[RequestKeywords]) -> Response:
    """Send a call and return its response; see the module for what it takes.

    Raises:
        RequestException: the call failed; its subclass says how, its `request` what was sent.
    """
    given: dict[str, Any] = dict(keywords)
    content = Content(**{name: given.pop(name, None) for name in _CONTENT})
    return await client.send(prepared(method, url, content), client.Options(**given))


@honour_stand_ins
async def get(url: str | bytes, params: Any = None, **keywords: Unpack[GetKeywords]) -> Response:
    """Send a GET."""
    return await request("GET", url, params=params, **keywords)


@honour_stand_ins
async def options(url: str | bytes, **keywords: Unpack[RequestKeywords]) -> Response:
    """Send an OPTIONS."""
    return await request("OPTIONS", url, **keywords)


@honour_stand_ins
async def head(url: str | bytes, **keywords: Unpack[RequestKeywords]) -> Response:
    """Send a HEAD. Its redirects are not followed unless `allow_redirects=True`."""
    keywords.setdefault("allow_redirects", False)
    return await request("HEAD", url, **keywords)


@honour_stand_ins
async def post(
    url: str | bytes, data: Any = None, json: Any = None, **keywords: Unpack[PostKeywords]
) -> Response:
    """Send a POST."""
    return await request("POST", url, data=data, json=json, **keywords)


@honour_stand_ins
async def put(url: str | bytes, data: Any = None, **keywords: Unpack[DataKeywords]) -> Response:
    """Send a PUT."""
    return await request("PUT", url, data=data, **keywords)


@honour_stand_ins
async def patch(url: str | bytes, data: Any = None, **keywords: Unpack[DataKeywords]) -> Response:
    """Send a PATCH."""
    return await request("PATCH", url, data=data, **keywords)


@honour_stand_ins
async def delete(url: str | bytes, **keywords: Unpack[RequestKeywords]) -> Response:
    """Send a DELETE."""
    return await request("DELETE", url, **keywords)
