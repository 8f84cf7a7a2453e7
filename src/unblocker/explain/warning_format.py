"""`RuntimeWarning: coroutine '…' was never awaited`, with the line that Python prints below it."""

import re

from unblocker.explain.reports import Frame, Report

_WARNING = re.compile(
    r"(?P<file>\S+|<[^>]+>):(?P<line>\d+): RuntimeWarning: (?P<message>coroutine '.+' was never awaited)"
)
_MESSAGE = re.compile(r"(?:RuntimeWarning: )?(coroutine '[^']+' was never awaited)")
_ALLOCATED = re.compile(r'\s*File "(?P<file>.+)", lineno (?P<line>\d+)$')
_NEAR = 40


def read_warnings(lines: list[str]) -> list[Report]:
    """Every coroutine that was never awaited; where Python knows, with the line that made it."""
    found = ((at, _WARNING.search(line)) for at, line in enumerate(lines))
    placed = [_report(lines, at, match) for at, match in found if match]
    told = {report.message for report in placed}
    bare = (_MESSAGE.search(line) for line in lines)
    messages = dict.fromkeys(match[1] for match in bare if match and match[1] not in told)
    return [*placed, *(Report("RuntimeWarning", message) for message in messages)]


def _report(lines: list[str], at: int, found: re.Match[str]) -> Report:
    frames = [
        frame for frame in [_frame(found, lines, at + 1)] if not frame.file.startswith(("sys", "<"))
    ]
    frames += _allocations(lines, at + 1)
    return Report("RuntimeWarning", found["message"], tuple(frames))


def _frame(found: re.Match[str], lines: list[str], below: int) -> Frame:
    source = lines[below] if below < len(lines) and lines[below].startswith(" ") else ""
    return Frame(found["file"], int(found["line"]), "", (source.strip(),) if source.strip() else ())


def _allocations(lines: list[str], start: int) -> list[Frame]:
    """With tracemalloc: how the coroutine was made, outermost first."""
    if start + 1 >= len(lines) or not any(
        line.startswith(("Coroutine created at", "Object allocated at"))
        for line in lines[start : start + 3]
    ):
        return []
    frames = []
    for at in range(start, min(start + _NEAR, len(lines))):
        found = _ALLOCATED.match(lines[at])
        if found:
            frames.append(_frame(found, lines, at + 1))
        elif _WARNING.search(lines[at]):
            break
    return frames
