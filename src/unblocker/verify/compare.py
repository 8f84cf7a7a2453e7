"""Two observations of the same request compared, aspect by aspect, as a pure function."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.client import responses
from http.cookies import SimpleCookie

import msgspec

from unblocker.records.evidence import Aspect
from unblocker.verify.canonical import canonical_body, without_addresses
from unblocker.verify.excerpts import counted, differing_lines, listed
from unblocker.verify.findings import Finding
from unblocker.verify.outbound import (
    Call,
    canonical_call,
    compare_calls,
    is_question,
    questions,
)
from unblocker.verify.protocol import Observation, Raised
from unblocker.verify.statements import (
    compare_reads,
    compare_writes,
    is_read,
    reads,
    writes,
)
from unblocker.verify.traces import (
    compare_cache,
    compare_logs,
    compare_signals,
    compare_tasks,
    without_words,
)

# Set by servers, not by the project; the length follows from the body.
_IGNORED_HEADERS = frozenset({"date", "server", "content-length", "location"})
# Exceptions that say how a call failed in the words of the library that carried it.
_CARRIERS = ("requests.", "urllib3.", "httpx.", "httpcore.")


@dataclass(frozen=True, slots=True)
class Seen:
    """All that was seen of one request on one side."""

    observation: Observation
    calls: tuple[Call, ...]


def compare(old: Seen, new: Seen, *, under_fault: bool = False) -> tuple[Finding, ...]:
    """The aspects in which the two differ, the most telling first.

    Where an operation failed on both sides, what else was read or asked does not count: the new code had begun it, or
    has not come to it any more. Nor does, if both end in an exception that nothing catches, how far they had come with
    a response that nobody gets: which templates they had begun, and what those had put into headers and cookies, nor
    what they had logged, cached or signalled. Of log records only the logger and the level count.
    """
    checks = _CHECKS
    if under_fault:
        old, new = _wordless(_changes(old)), _wordless(_changes(new))
        if old.observation.raised and new.observation.raised:
            checks = tuple(check for check in _CHECKS if check not in _OF_PROGRESS)
    return tuple(finding for check in checks if (finding := check(old, new)))


def went_ahead(old: Seen, new: Seen) -> bool:
    """Whether the new code had reads under way that the old one never came to, because both ended in an exception.

    That is what overlapping means when an earlier operation fails; nothing but reads and calls that only ask counts.
    """
    if not (old.observation.raised and new.observation.raised):
        return False
    more_reads = reads(new.observation.statements) - reads(old.observation.statements)
    more_questions = questions(new.calls) - questions(old.calls)
    return bool(more_reads or more_questions)


def compare_departed(old: Seen, new: Seen) -> tuple[Finding, ...]:
    """What the new code has not done outside its databases when its client had gone."""
    before, after = _changes(old), _changes(new)
    return tuple(
        finding for check in (_mails, _outbound, _files) if (finding := check(before, after))
    )


def has_told(seen: Seen) -> bool:
    """Whether mail was sent, or a call made that may change something."""
    return bool(seen.observation.mails or _changes(seen).calls)


def _changes(seen: Seen) -> Seen:
    """What was seen without statements that only read and calls that only ask."""
    observation = seen.observation
    statements = tuple(each for each in observation.statements if not is_read(each.sql))
    calls = tuple(call for call in seen.calls if not is_question(call))
    return Seen(msgspec.structs.replace(observation, statements=statements), calls)


def _wordless(seen: Seen) -> Seen:
    logged = without_words(seen.observation.logged)
    return replace(seen, observation=msgspec.structs.replace(seen.observation, logged=logged))


def _status(old: Seen, new: Seen) -> Finding | None:
    before, after = old.observation.status, new.observation.status
    if before == after:
        return None
    return Finding("status", f"status {before} became {after}", _named(before), _named(after))


def _named(status: int) -> str:
    return f"{status} {responses.get(status, '')}".strip() if status else "no response"


def _redirect(old: Seen, new: Seen) -> Finding | None:
    before, after = _header(old, "location"), _header(new, "location")
    if before == after:
        return None
    return Finding("redirect", "it redirects elsewhere", before, after)


def _headers(old: Seen, new: Seen) -> Finding | None:
    before, after = _header_lines(old), _header_lines(new)
    if before == after:
        return None
    missing, extra = before - after, after - before
    names = sorted({line.partition(":")[0] for line in (missing + extra)})
    text = f"not the same headers: {', '.join(names)}"
    return Finding("headers", text, listed(sorted(missing)), listed(sorted(extra)))


def _header_lines(seen: Seen) -> Counter[str]:
    pairs = ((name.lower(), value) for name, value in seen.observation.headers)
    return Counter(f"{name}: {value}" for name, value in pairs if name not in _IGNORED_HEADERS)


def _cookies(old: Seen, new: Seen) -> Finding | None:
    before, after = _parsed_cookies(old), _parsed_cookies(new)
    if before == after:
        return None
    names = sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
    return Finding(
        "cookies",
        f"not the same cookies: {', '.join(names)}",
        listed(before[name] for name in names if name in before),
        listed(after[name] for name in names if name in after),
    )


def _parsed_cookies(seen: Seen) -> dict[str, str]:
    jar = SimpleCookie()
    for cookie in seen.observation.cookies:
        jar.load(cookie)
    return {name: morsel.OutputString() for name, morsel in jar.items()}


def _body(old: Seen, new: Seen) -> Finding | None:
    before, after = _content(old), _content(new)
    if before == after:
        return None
    text = f"not the same body ({len(old.observation.body)} bytes before, {len(new.observation.body)} after)"
    return Finding("body", text, *differing_lines(before, after))


def _content(seen: Seen) -> str:
    return canonical_body(seen.observation.body, _header(seen, "content-type"))


def _header(seen: Seen, name: str) -> str:
    return next((value for each, value in seen.observation.headers if each.lower() == name), "")


def _exceptions(old: Seen, new: Seen) -> Finding | None:
    before, after = ([_exception(each) for each in seen.observation.raised] for seen in (old, new))
    if before == after:
        return None
    return Finding("exception", "not the same uncaught exceptions", listed(before), listed(after))


def _exception(raised: Raised) -> str:
    if raised.kind.startswith(_CARRIERS):
        return raised.kind.rpartition(".")[2]
    return f"{raised.kind}: {without_addresses(raised.message)}"


def _mails(old: Seen, new: Seen) -> Finding | None:
    before, after = (
        Counter("\n".join(f"{name}: {text}" for name, text in mail.fields) for mail in seen.observation.mails)
        for seen in (old, new)
    )  # fmt: skip
    if before == after:
        return None
    text = f"{counted(before.total(), 'mail')} before, {after.total()} after"
    left, right = ("\n".join(sorted(mails.elements())) for mails in (before, after))
    return Finding("mail", text, *differing_lines(left, right))


def _outbound(old: Seen, new: Seen) -> Finding | None:
    if went_ahead(old, new):
        early = questions(new.calls) - questions(old.calls)
        new = _without_calls(new, early)
    return compare_calls(old.calls, new.calls)


def _without_calls(seen: Seen, left_out: Counter[str]) -> Seen:
    remaining = Counter(left_out)
    kept = []
    for call in seen.calls:
        text = canonical_call(call)
        if remaining[text] > 0:
            remaining[text] -= 1
        else:
            kept.append(call)
    return Seen(seen.observation, tuple(kept))


def _reads(old: Seen, new: Seen) -> Finding | None:
    before, after = reads(old.observation.statements), reads(new.observation.statements)
    return compare_reads(before, before & after if went_ahead(old, new) else after)


def _writes(old: Seen, new: Seen) -> Finding | None:
    return compare_writes(writes(old.observation.statements), writes(new.observation.statements))


def _files(old: Seen, new: Seen) -> Finding | None:
    before, after = set(old.observation.files), set(new.observation.files)
    if before == after:
        return None
    left, right = (
        listed(f"{path} ({digest[:12]})" for path, digest in sorted(files))
        for files in (before - after, after - before)
    )
    return Finding("files", "not the same uploaded files", left, right)


def _templates(old: Seen, new: Seen) -> Finding | None:
    before, after = (
        Counter(each.name for each in seen.observation.rendered) for seen in (old, new)
    )
    if before == after:
        return None
    return Finding(
        "templates",
        "not the same templates were rendered",
        listed((before - after).elements()),
        listed((after - before).elements()),
    )


def _context(old: Seen, new: Seen) -> Finding | None:
    before, after = _context_lines(old), _context_lines(new)
    if before == after or _templates(old, new):
        return None
    return Finding(
        "context",
        "a template was given other values, or values of other types",
        listed(sorted((before - after).keys())),
        listed(sorted((after - before).keys())),
    )


def _context_lines(seen: Seen) -> Counter[str]:
    return Counter(_lines_of_contexts(seen.observation))


def _lines_of_contexts(observation: Observation) -> Iterator[str]:
    for rendered in observation.rendered:
        for name, kind in rendered.context:
            yield f"{rendered.name}: {name} is a {kind}"


def _cache(old: Seen, new: Seen) -> Finding | None:
    return compare_cache(old.observation, new.observation)


def _logs(old: Seen, new: Seen) -> Finding | None:
    return compare_logs(old.observation, new.observation)


def _tasks(old: Seen, new: Seen) -> Finding | None:
    return compare_tasks(old.observation, new.observation)


def _signals(old: Seen, new: Seen) -> Finding | None:
    return compare_signals(old.observation, new.observation)


_CHECKS: tuple[Callable[[Seen, Seen], Finding | None], ...] = (
    _status,
    _exceptions,
    _redirect,
    _headers,
    _cookies,
    _body,
    _mails,
    _outbound,
    _writes,
    _reads,
    _files,
    _templates,
    _context,
    _tasks,
    _signals,
    _cache,
    _logs,
)
_OF_PROGRESS = frozenset({_headers, _cookies, _templates, _context, _signals, _cache, _logs})
ASPECTS: tuple[Aspect, ...] = (
    "status", "exception", "redirect", "headers", "cookies", "body", "mail", "outbound", "writes", "reads", "files",
    "templates", "context", "tasks", "signals", "cache", "logs", "tables", "sequences", "answer",
)  # fmt: skip
