"""The keywords of requests' functions, for type checkers.

See https://requests.readthedocs.io/en/latest/api/#requests.request.
"""

from collections.abc import Mapping
from http.cookiejar import CookieJar
from typing import Any, TypedDict

from django_unblock.http.clients import Cert, Verify
from django_unblock.http.prepare import Auth


class Keywords(TypedDict, total=False):
    """What every function takes by keyword."""

    headers: Mapping[str, str | bytes | None] | None
    cookies: Mapping[str, str] | CookieJar | None
    files: Any
    auth: Auth
    timeout: float | tuple[float | None, float | None] | None
    allow_redirects: bool
    stream: bool
    verify: Verify
    cert: Cert
    proxies: Mapping[str, str] | None


class GetKeywords(Keywords, total=False):
    """What `get` takes beside `params`."""

    data: Any
    json: Any


class PostKeywords(Keywords, total=False):
    """What `post` takes beside `data` and `json`."""

    params: Any


class DataKeywords(PostKeywords, total=False):
    """What `put` and `patch` take beside `data`."""

    json: Any


class RequestKeywords(DataKeywords, total=False):
    """What the other functions take."""

    data: Any
