"""The exceptions of `requests`: its own classes where it is installed, else ours of the same shape.

An `except requests.Timeout:` that stayed behind in a helper therefore still catches what the
converted code raises. Names, bases and the `request` and `response` attributes are those of
https://requests.readthedocs.io/en/latest/api/#exceptions.
"""

from typing import TYPE_CHECKING

# What static analysis sees is always our own hierarchy: it has the names and bases of requests'.
if TYPE_CHECKING:
    from django_unblock.http.own_exceptions import (
        ChunkedEncodingError,
        ConnectionError,  # noqa: A004 - the name handlers in converted code use
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
else:
    try:
        from requests import exceptions as _source
    except ImportError:
        from django_unblock.http import own_exceptions as _source

    ChunkedEncodingError = _source.ChunkedEncodingError
    ConnectionError = _source.ConnectionError  # noqa: A001 - the name handlers in converted code use
    ConnectTimeout = _source.ConnectTimeout
    ContentDecodingError = _source.ContentDecodingError
    HTTPError = _source.HTTPError
    InvalidHeader = _source.InvalidHeader
    InvalidJSONError = _source.InvalidJSONError
    InvalidProxyURL = _source.InvalidProxyURL
    InvalidSchema = _source.InvalidSchema
    InvalidURL = _source.InvalidURL
    JSONDecodeError = _source.JSONDecodeError
    MissingSchema = _source.MissingSchema
    ProxyError = _source.ProxyError
    ReadTimeout = _source.ReadTimeout
    RequestException = _source.RequestException
    SSLError = _source.SSLError
    StreamConsumedError = _source.StreamConsumedError
    Timeout = _source.Timeout
    TooManyRedirects = _source.TooManyRedirects
    UnrewindableBodyError = _source.UnrewindableBodyError

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
    "ProxyError",
    "ReadTimeout",
    "RequestException",
    "SSLError",
    "StreamConsumedError",
    "Timeout",
    "TooManyRedirects",
    "UnrewindableBodyError",
]
