"""urllib3's connections over sockets that wait for the event loop, and requests' adapter that uses them.

urllib3 makes a connection with its pool's ``ConnectionCls``, and requests calls urllib3 through the
adapter that a session mounts: all else (redirects, cookies, proxies, encodings, errors) is theirs.
"""

import ssl
import sys
from collections.abc import Callable
from functools import lru_cache
from http.client import BadStatusLine
from pathlib import Path
from socket import gaierror
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import connection, connectionpool
from urllib3.exceptions import (
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
    SSLError,
)
from urllib3.util.connection import allowed_gai_family
from urllib3.util.ssl_ import create_urllib3_context, resolve_cert_reqs

from django_unblock import origin, sockets
from django_unblock.errors import BridgeError
from django_unblock.http.retries import pausing

REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS"})


class HTTPConnection(connection.HTTPConnection):
    """A connection that may be used by many calls, the first of which opens it."""

    _repeat: Callable[[], None] | None = None

    def _new_conn(self) -> sockets.Socket:
        try:
            sock = sockets.connected(
                (self._dns_host.strip("[]"), self.port or self.default_port),
                family=allowed_gai_family(),
                timeout=self.timeout,
                source=self.source_address,
                options=self.socket_options or (),
            )
        except gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except TimeoutError as error:
            said = f"Connection to {self.host} timed out. (connect timeout={self.timeout})"
            raise ConnectTimeoutError(self, said) from error
        except OSError as error:
            said = f"Failed to establish a new connection: {error}"
            raise NewConnectionError(self, said) from error
        sys.audit("http.client.connect", self, self.host, self.port)
        return sock

    def request(self, method: str, url: str, body: Any = None, *args: Any, **kwargs: Any) -> None:
        """Send a call, and remember it if it may have to be sent again."""

        def send() -> None:
            super(HTTPConnection, self).request(method, url, body, *args, **kwargs)

        is_plain = body is None and method in REPEATABLE and not self._tunnel_host
        self._repeat = send if is_plain and self.is_connected else None
        send()

    def getresponse(self) -> Any:
        """Return the response's head, also where the server closed the connection just before.

        A call through requests' functions has a connection of its own, which a server never finds
        too old. Where ours was used before and broke without an answer, the call is sent once more.
        """
        repeat, self._repeat = self._repeat, None
        try:
            return super().getresponse()
        except (BadStatusLine, ConnectionResetError):
            if repeat is None:
                raise
        self.close()
        repeat()
        return super().getresponse()


class HTTPSConnection(HTTPConnection, connection.HTTPSConnection):
    """A connection under TLS, whose context is made once: reading a CA bundle takes some 20 ms."""

    def connect(self) -> None:
        """Connect and shake hands."""
        if self.ssl_context is None:
            files = (self.ca_certs, self.ca_cert_dir, self.cert_file, self.key_file)
            try:
                self.ssl_context = _context(self.cert_reqs, *files, tuple(map(_version, files)))
            except OSError as error:
                raise SSLError(error) from error
            self.ca_certs = self.ca_cert_dir = self.cert_file = self.key_file = None
        super().connect()


@lru_cache(maxsize=64)
def _context(
    cert_reqs: int | str | None,
    ca_certs: str | None,
    ca_cert_dir: str | None,
    cert_file: str | None,
    key_file: str | None,
    _versions: tuple[int | None, ...],
) -> ssl.SSLContext:
    context = create_urllib3_context(cert_reqs=resolve_cert_reqs(cert_reqs))
    context.sslsocket_class = sockets.TLSSocket
    if ca_certs or ca_cert_dir:
        context.load_verify_locations(ca_certs, ca_cert_dir)
    else:
        context.load_default_certs()
    if cert_file:
        context.load_cert_chain(cert_file, key_file)
    return context


def _version(path: str | None) -> int | None:
    """When the file was last written: a certificate that is replaced counts from then on."""
    return Path(path).stat().st_mtime_ns if path else None


class HTTPConnectionPool(connectionpool.HTTPConnectionPool):
    """Named as urllib3's: messages tell it."""

    ConnectionCls: Any = HTTPConnection


class HTTPSConnectionPool(connectionpool.HTTPSConnectionPool):
    """The same under TLS."""

    ConnectionCls: Any = HTTPSConnection


_POOLS = {"http": HTTPConnectionPool, "https": HTTPSConnectionPool}


class Adapter(HTTPAdapter):
    """What a `requests.Session` mounts so that its calls do not block the loop they are made on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.max_retries = pausing(self.max_retries)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Have the pools make our connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Send it; a call that may change something is not cancelled by the client's leaving."""
        if request.method not in REPEATABLE:
            origin.note_change()
        return super().send(request, *args, **kwargs)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """The same through an HTTP proxy."""
        if proxy.lower().startswith("socks"):
            raise BridgeError(
                "R107",
                f"{proxy!r}: a SOCKS proxy has no sockets that wait for the event loop. Make the call "
                "with `await django_unblock.offload(requests.get)(...)`, in a thread.",
            )
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager
