"""Traces of a request that are neither answered nor written compared: caches, log records, tasks, signals."""

import logging
from collections import Counter

from unblocker.verify.canonical import without_addresses, without_csrf_tokens
from unblocker.verify.excerpts import counted, differing_lines, listed
from unblocker.verify.findings import Finding
from unblocker.verify.protocol import Kept, Logged, Observation


def compare_cache(old: Observation, new: Observation) -> Finding | None:
    """A finding if the request did not change the same in the caches."""
    before, after = (_told_of_cache(each.kept) for each in (old, new))
    if before == after:
        return None
    keys = sorted({entry.key for entry in {*old.kept} ^ {*new.kept}})
    text = f"not the same in the caches afterwards: {', '.join(keys)}"
    return Finding("cache", text, *differing_lines("\n".join(before), "\n".join(after)))


def compare_logs(old: Observation, new: Observation) -> Finding | None:
    """A finding if not the same was logged, in whatever order."""
    before, after = (Counter(map(_told_of_record, each.logged)) for each in (old, new))
    if before == after:
        return None
    text = (
        f"{counted(before.total(), 'log record')} before, {after.total()} after, and not the same"
    )
    return Finding(
        "logs", text, listed((before - after).elements()), listed((after - before).elements())
    )


def compare_tasks(old: Observation, new: Observation) -> Finding | None:
    """A finding if not the same tasks were enqueued in the same order."""
    before, after = (
        [without_addresses(task) for task in each.enqueued] for each in (old, new)
    )  # fmt: skip
    if before == after:
        return None
    text = f"{counted(len(before), 'task')} enqueued before, {len(after)} after, and not the same"
    return Finding("tasks", text, *differing_lines("\n".join(before), "\n".join(after)))


def compare_signals(old: Observation, new: Observation) -> Finding | None:
    """A finding if not the same signals were sent in the same order."""
    before, after = ([without_addresses(signal) for signal in each.signals] for each in (old, new))
    if before == after:
        return None
    text = f"{counted(len(before), 'signal')} sent before, {len(after)} after, and not the same"
    return Finding("signals", text, *differing_lines("\n".join(before), "\n".join(after)))


def without_words(logged: tuple[Logged, ...]) -> tuple[Logged, ...]:
    """Warnings and errors by their logger and level alone.

    Of a failure the libraries on the two sides tell in different words, and how far the new code had come beside it
    does not count.
    """
    return tuple(
        Logged(each.logger, each.level, "…") for each in logged if each.level >= logging.WARNING
    )


def _told_of_cache(kept: tuple[Kept, ...]) -> list[str]:
    return [
        f"{each.alias} {each.key} = {without_csrf_tokens(each.value)} {each.time_left}"
        if each.time_left
        else f"{each.alias} {each.key} is gone"
        for each in kept
    ]


def _told_of_record(record: Logged) -> str:
    level = logging.getLevelName(record.level)
    return f"{level} {record.logger}: {without_addresses(record.text)}"
