"""Outbound calls compared: those that only ask as a multiset per host, those that may change something in order."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from unblocker.verify.canonical import canonical_body
from unblocker.verify.excerpts import differing_lines
from unblocker.verify.findings import Finding

type Headers = tuple[tuple[str, str], ...]

_ASKING = frozenset({"GET", "HEAD", "OPTIONS"})
# What the library that carries a call puts in by itself, and what a signature makes of clock and chance.
_CARRIER = frozenset(
    {
        "host", "accept-encoding", "content-length", "date", "x-amz-date", "amz-sdk-invocation-id",
        "amz-sdk-request",
    }
)  # fmt: skip
_LIBRARY = re.compile(
    r"(python-requests|python-httpx|python-urllib3?|boto3|botocore)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Call:
    """An outbound call as it arrived at the proxy, hop-by-hop headers left out."""

    method: str
    url: str
    headers: Headers
    body: bytes

    @property
    def host(self) -> str:
        """Host and port."""
        return urlsplit(self.url).netloc


def is_question(call: Call) -> bool:
    """Whether it only asks, and changes nothing."""
    return call.method in _ASKING


def questions(calls: Iterable[Call]) -> Counter[str]:
    """How often each call that only asks was made."""
    return Counter(canonical_call(call) for call in calls if is_question(call))


def compare_calls(before: tuple[Call, ...], after: tuple[Call, ...]) -> Finding | None:
    """A finding if a host was not asked the same, or not told the same in the same order."""
    hosts = sorted({call.host for call in (*before, *after)})
    differing = [host for host in hosts if _of_host(before, host) != _of_host(after, host)]
    if not differing:
        return None
    left, right = (
        "\n".join(line for host in differing for line in _of_host(calls, host)) for calls in (before, after)
    )  # fmt: skip
    text = f"not the same calls to {', '.join(differing)}: {len(before)} before, {len(after)} after"
    return Finding("outbound", text, *differing_lines(left, right))


def canonical_call(call: Call) -> str:
    """The call as text, without what only its carrier decides."""
    headers = dict(call.headers)
    lines = [f"{call.method} {call.url}"]
    lines += [
        f"  {name}: {_header(name, value)}"
        for name, value in sorted(call.headers)
        if _counts(name, value)
    ]
    body = canonical_body(call.body, headers.get("content-type", ""))
    lines += [f"  {line}" for line in body.splitlines()]
    return "\n".join(lines)


def _of_host(calls: tuple[Call, ...], host: str) -> list[str]:
    mine = [call for call in calls if call.host == host]
    telling = [canonical_call(call) for call in mine if not is_question(call)]
    return sorted(questions(mine).elements()) + telling


def _counts(name: str, value: str) -> bool:
    if name == "user-agent":
        return not _LIBRARY.match(value)
    return name not in _CARRIER and not (name == "authorization" and value.startswith("AWS4"))


def _header(name: str, value: str) -> str:
    return value.partition(";")[0] if name == "content-type" else value
