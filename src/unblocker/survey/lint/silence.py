"""`# unblock: ignore[U302]` on a line silences a rule there; without brackets, every rule."""

import re

from unblocker.records.findings import Finding
from unblocker.survey.sources import Sources

_COMMENT = re.compile(r"#.*\bunblock:\s*ignore(?:\[([^\]]*)\])?")


def is_silenced(finding: Finding, sources: Sources) -> bool:
    """Whether a comment on the finding's first or last line silences it."""
    source = sources.read(sources.root / finding.place.file)
    lines = source.lines if source else ()
    for number in (finding.place.line, finding.place.end_line):
        found = _COMMENT.search(lines[number - 1]) if 0 < number <= len(lines) else None
        if found is not None and _names(found[1], finding.code):
            return True
    return False


def _names(codes: str | None, code: str) -> bool:
    return codes is None or code in {one.strip() for one in codes.split(",")}
