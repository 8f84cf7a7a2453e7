"""Requests to replay, wherever they come from."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

type Fields = dict[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart body."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, before it is encoded.

    Attributes:
        path: from the slash on, percent-encoded where needed.
        as_user: the username to be logged in as; None for an anonymous visitor.
        query: put behind the path's own query string; a tuple repeats its field.
        data: form fields; a tuple repeats its field.
        json: the body as a JSON value; None for none.
        body: the body as it is sent, with its type in `headers`; at most one of `data` (with `files`), `json` and this.
        user_key: the primary key of the user to be logged in as, where only that is known.
    """

    method: str
    path: str
    as_user: str | None = None
    query: Fields = field(default_factory=dict)
    data: Fields = field(default_factory=dict)
    json: object = None
    files: dict[str, Upload] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    user_key: str | None = None

    def __str__(self) -> str:
        who = self.as_user or "anonymous"
        return f"{self.method} {self.path} as {who}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Requests that were found and are not made, and why."""

    reason: str
    requests: int = 1


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests in the order in which they are to be made, and what was left out on the way."""

    requests: tuple[Request, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def counted(reasons: Iterable[str]) -> tuple[LeftOut, ...]:
    """One entry a reason, the most frequent first."""
    return tuple(LeftOut(reason, number) for reason, number in Counter(reasons).most_common())
