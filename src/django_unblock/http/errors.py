"""What went wrong below, as the exception that requests raises for it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from django_unblock.http import exceptions
from django_unblock.http.prepare import Prepared

# The first class that fits counts: subclasses stand before their bases.
_WHILE_SENDING: tuple[tuple[type[Exception], type[exceptions.RequestException]], ...] = (
    (httpx.ConnectTimeout, exceptions.ConnectTimeout),
    (httpx.PoolTimeout, exceptions.ConnectTimeout),
    (httpx.ReadTimeout, exceptions.ReadTimeout),
    (httpx.ProxyError, exceptions.ProxyError),
    (httpx.LocalProtocolError, exceptions.InvalidHeader),
    (httpx.UnsupportedProtocol, exceptions.InvalidSchema),
    (httpx.TransportError, exceptions.ConnectionError),
    (OSError, exceptions.ConnectionError),
)
_WHILE_READING: tuple[tuple[type[Exception], type[exceptions.RequestException]], ...] = (
    (httpx.TimeoutException, exceptions.ConnectionError),
    (httpx.TransportError, exceptions.ChunkedEncodingError),
    (httpx.DecodingError, exceptions.ContentDecodingError),
    (httpx.StreamConsumed, exceptions.StreamConsumedError),
    (httpx.StreamClosed, exceptions.StreamConsumedError),
)


@contextmanager
def sending(request: Prepared) -> Iterator[None]:
    """Up to the response's headers."""
    try:
        yield
    except exceptions.RequestException:
        raise
    except (httpx.TransportError, OSError) as error:
        raise _translated(error, _WHILE_SENDING, request) from error


@contextmanager
def reading(request: Prepared) -> Iterator[None]:
    """The response's body. A timeout there is a `ConnectionError`, as in requests."""
    try:
        yield
    except (httpx.RequestError, httpx.StreamError) as error:
        raise _translated(error, _WHILE_READING, request) from error


def _translated(
    error: Exception,
    table: tuple[tuple[type[Exception], type[exceptions.RequestException]], ...],
    request: Prepared,
) -> exceptions.RequestException:
    kind = next(ours for theirs, ours in table if isinstance(error, theirs))
    if kind is exceptions.ConnectionError and _is_tls(error):
        kind = exceptions.SSLError
    said = str(error) or type(error).__name__
    about: Any = request
    return kind(f"{said} (while calling {request.method} {request.url})", request=about)


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
