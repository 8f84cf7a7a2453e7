"""SQL statements compared: reads as a multiset, writes in their order and by the transaction they stand in."""

import re
from collections import Counter
from collections.abc import Iterable

from unblocker.verify.canonical import canonical_sql, without_addresses
from unblocker.verify.excerpts import counted, differing_lines, listed
from unblocker.verify.findings import Finding
from unblocker.verify.protocol import Statement

_SAVEPOINT = re.compile(r'"s_x(\d+)"')
_READ = re.compile(r"[\s(]*(SELECT|WITH|VALUES|TABLE|SHOW|EXPLAIN)\b", re.IGNORECASE)
# A lock, a data-changing WITH, a function that changes something.
_CHANGING = re.compile(
    r"\bFOR\s+(NO\s+KEY\s+)?(UPDATE|SHARE|KEY\s+SHARE)\b|\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO)\s"
    r"|\b(nextval|setval|pg_(try_)?advisory\w*|pg_notify)\s*\(",
    re.IGNORECASE,
)


def is_read(sql: str) -> bool:
    """Whether the statement changes nothing and locks nothing."""
    return bool(_READ.match(sql)) and not _CHANGING.search(sql)


def reads(statements: Iterable[Statement]) -> Counter[str]:
    """How often each read was made."""
    return Counter(told(each) for each in statements if is_read(each.sql))


def writes(statements: Iterable[Statement]) -> list[str]:
    """The writes in their order, each with whether a transaction was open; savepoints by their number among them.

    A connection that has served other requests goes on counting its savepoints.
    """
    numbers: dict[str, int] = {}

    def renumbered(text: str) -> str:
        return _SAVEPOINT.sub(
            lambda name: f'"s_x{numbers.setdefault(name[1], len(numbers) + 1)}"', text
        )

    return [
        f"{renumbered(told(each))}{'  (in a transaction)' if each.atomic else ''}"
        for each in statements
        if not is_read(each.sql)
    ]


def compare_reads(before: Counter[str], after: Counter[str]) -> Finding | None:
    """A finding if not the same reads were made."""
    if before == after:
        return None
    missing, extra = before - after, after - before
    text = f"{counted(extra.total(), 'read')} more and {missing.total()} fewer than before"
    return Finding("reads", text, listed(missing.elements()), listed(extra.elements()))


def compare_writes(before: list[str], after: list[str]) -> Finding | None:
    """A finding if not the same writes were made in the same order and transactions."""
    if before == after:
        return None
    if Counter(before) == Counter(after):
        return Finding("writes", "the same writes in another order", listed(before), listed(after))
    text = f"{counted(len(before), 'write')} before, {len(after)} after, and not the same"
    return Finding("writes", text, *differing_lines("\n".join(before), "\n".join(after)))


def told(statement: Statement) -> str:
    """The statement with its parameters, in one line, without what is different in every run."""
    alias = "" if statement.alias == "default" else f"[{statement.alias}] "
    sql = " ".join(canonical_sql(statement.sql).split())
    params = without_addresses(statement.params)
    return f"{alias}{sql}" if params in {"None", "()"} else f"{alias}{sql}  -- {params}"
