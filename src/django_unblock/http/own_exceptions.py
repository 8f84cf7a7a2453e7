"""The exception classes used where `requests` is not installed: same names, bases and attributes."""

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django_unblock.http.prepare import Prepared
    from django_unblock.http.response import Response


class RequestException(OSError):  # noqa: N818 - requests' name
    """The base of everything that `django_unblock.http` raises about a call."""

    def __init__(
        self, *args: object, request: "Prepared | None" = None, response: "Response | None" = None
    ) -> None:
        super().__init__(*args)
        self.response = response
        self.request = request or (response.request if response is not None else None)


class InvalidJSONError(RequestException):
    """A value can't be written as JSON."""


class JSONDecodeError(InvalidJSONError, json.JSONDecodeError):
    """The body is not JSON."""

    def __init__(self, msg: str, doc: str, pos: int, **about: Any) -> None:
        json.JSONDecodeError.__init__(self, msg, doc, pos)
        InvalidJSONError.__init__(self, *self.args, **about)

    def __reduce__(self) -> str | tuple[Any, ...]:
        """Pickled as a JSON error: `OSError` would take its message for its only argument."""
        return json.JSONDecodeError.__reduce__(self)


class HTTPError(RequestException):
    """`raise_for_status()` met a status of 400 or more."""


class ConnectionError(RequestException):  # noqa: A001 - the name handlers in converted code use
    """The server could not be reached, or broke off."""


class ProxyError(ConnectionError):
    """The proxy could not be reached, or refused."""


class SSLError(ConnectionError):
    """The server's certificate or its TLS was not accepted."""


class Timeout(RequestException):
    """The server took longer than `timeout` allows."""


class ConnectTimeout(ConnectionError, Timeout):  # noqa: N818 - requests' name
    """No connection within the connect timeout. Safe to try again."""


class ReadTimeout(Timeout):
    """The server sent nothing for as long as the read timeout."""


class TooManyRedirects(RequestException):
    """More than 30 redirects."""


class MissingSchema(RequestException, ValueError):  # noqa: N818 - requests' name
    """The URL has no `http://` or `https://`."""


class InvalidSchema(RequestException, ValueError):  # noqa: N818 - requests' name
    """The URL's scheme is neither http nor https."""


class InvalidURL(RequestException, ValueError):  # noqa: N818 - requests' name
    """The URL can't be called."""


class InvalidHeader(RequestException, ValueError):  # noqa: N818 - requests' name
    """A header's name or value can't be sent."""


class InvalidProxyURL(InvalidURL):
    """The proxy's URL can't be called."""


class ChunkedEncodingError(RequestException):
    """The body ended too early."""


class ContentDecodingError(RequestException):
    """The body is not in the encoding that its headers declare."""


class StreamConsumedError(RequestException, TypeError):
    """The body of a streamed response was read before."""


class UnrewindableBodyError(RequestException):
    """A redirect asks for the request's body again, and it can't be read twice."""
