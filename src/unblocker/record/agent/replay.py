"""What is needed to send a request again; listened to only where the user asked for it with `--bodies`."""

import base64
from typing import Any

LIMIT = 1 << 20
"""Bytes of a body that are kept."""

_enabled = False


def start(*, enabled: bool) -> None:
    """Listen to requests, or don't."""
    global _enabled  # noqa: PLW0603  # said once per process
    _enabled = enabled


class Kept:
    """A request's stream, which keeps what the view reads from it."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._parts: list[bytes] = []
        self._size = 0

    def read(self, *args: Any) -> bytes:
        """Bytes of the body."""
        return self._keep(self._stream.read(*args))

    def readline(self, *args: Any) -> bytes:
        """A line of the body."""
        return self._keep(self._stream.readline(*args))

    def __iter__(self) -> Any:
        return iter(self.readline, b"")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _keep(self, data: bytes) -> bytes:
        if self._size < LIMIT:
            self._parts.append(data[: LIMIT - self._size])
        self._size += len(data)
        return data

    def told(self, request: Any) -> dict[str, Any]:
        """The request as the journal has it."""
        return {
            "path": request.path,
            "query": request.META.get("QUERY_STRING", ""),
            "headers": dict(request.headers),
            "body": base64.b64encode(b"".join(self._parts)).decode("ascii"),
            "whole": self._size <= LIMIT,
            "user": _user(request),
        }


def listen(request: Any) -> Kept | None:
    """Keep what is read of the request's body from now on; None where nobody asked for it."""
    if not _enabled:
        return None
    kept = Kept(getattr(request, "_stream", None))
    request._stream = kept
    return kept


def _user(request: Any) -> str | None:
    """The user's key, from what the request has looked up itself: no query is made to know it."""
    user = getattr(request, "_cached_user", None) or getattr(request, "_acached_user", None)
    if user is not None:
        return None if user.pk is None else str(user.pk)
    session = getattr(getattr(request, "session", None), "_session_cache", None) or {}
    return session.get("_auth_user_id")
