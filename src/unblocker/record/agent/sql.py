"""SQL without anything of people: literals are left out, and so are lists of columns."""

import functools
import re

LONGEST = 300

_COMMENT = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
_LITERAL = re.compile(
    r"""[bexn]?'(?:[^'\\]|\\.|'')*'|\$(\w*)\$.*?\$\1\$|(?<![\w"$.])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?\b""",
    re.IGNORECASE | re.DOTALL,
)
_DOUBLE_QUOTED = re.compile(r'"(?:[^"\\]|\\.|"")*"')
_PLACEHOLDER = re.compile(r"%s|%\(\w+\)s")
_LIST = re.compile(r"\(\s*\?(?:\s*,\s*\?)+\s*\)")
_ROWS = re.compile(r"(\(…\)|\(\?\))(?:\s*,\s*(?:\(…\)|\(\?\)))+")
_COLUMNS = re.compile(r"^(SELECT(?: DISTINCT)?) .{40,}? FROM (?!\()", re.IGNORECASE)
_INSERTED = re.compile(r"^(INSERT INTO \S+) \([^()]*\)", re.IGNORECASE)
_TRANSACTION = re.compile(
    r"\s*(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|START TRANSACTION|SET)\b", re.IGNORECASE
)
_TABLE = re.compile(
    r'\b(?:FROM|JOIN|INTO|UPDATE(?!\s+(?:OF|SET)\b))\s+(?:ONLY\s+)?(?:"([^"]+)"|`([^`]+)`|([a-z_][\w.$]*))',
    re.IGNORECASE,
)
_NO_TABLE = frozenset({"select", "lateral", "unnest", "generate_series", "values"})


@functools.lru_cache(maxsize=4096)
def described(sql: str, vendor: str) -> tuple[str, str, tuple[str, ...]]:
    """The operation's kind, the statement on one line without literals, and the tables it names."""
    if control := _TRANSACTION.match(sql):
        return "transaction", control[1].upper(), ()
    text = without_literals(sql, vendor)
    tables = (next(filter(None, match)) for match in _TABLE.findall(text))
    named = dict.fromkeys(name for name in tables if name.lower() not in _NO_TABLE)
    return "query", shortened(text), tuple(named)


def without_literals(sql: str, vendor: str) -> str:
    """The statement on one line, with a question mark for each literal and placeholder."""
    text = _COMMENT.sub(" ", sql)
    text = _LITERAL.sub("?", text)
    if vendor == "mysql":
        text = _DOUBLE_QUOTED.sub("?", text)
    text = " ".join(_PLACEHOLDER.sub("?", text).split())
    return _ROWS.sub(r"\1", _LIST.sub("(…)", text))


def shortened(text: str) -> str:
    """For people: without quotes, a long list of columns left out."""
    text = text.replace('"', "").replace("`", "")
    text = _INSERTED.sub(r"\1", _COLUMNS.sub(r"\1 … FROM ", text))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
