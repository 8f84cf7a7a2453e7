"""SQL for people: short enough for a label, and the table that it is about."""

import re

LONGEST = 160

_COLUMNS = re.compile(r"^(SELECT(?: DISTINCT)?) .{40,}? FROM (?!\()", re.IGNORECASE | re.DOTALL)
_TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE)\s+(?:ONLY\s+)?"?([\w.]+)"?', re.IGNORECASE)


def shorten(sql: str) -> str:
    """The statement on one line, without quotes, a long list of columns left out."""
    line = " ".join(sql.replace('"', "").split())
    line = _COLUMNS.sub(r"\1 … FROM ", line)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def main_table(sql: str) -> str:
    """The first table that the statement reads or writes; "" if it names none."""
    match = _TABLE.search(sql)
    return match[1] if match else ""
