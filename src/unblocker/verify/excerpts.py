"""Short before-and-after excerpts, and counts, for people."""

from collections.abc import Iterable
from difflib import SequenceMatcher

MAX_LINES = 12
MAX_WIDTH = 400
# difflib's time grows with the square of the number of lines.
MAX_COMPARED = 2000


def differing_lines(before: str, after: str) -> tuple[str, str]:
    """The lines that only one of the two texts has, from the first that differs."""
    old, new = before.splitlines(), after.splitlines()
    shared = _shared_lines(old, new)
    old, new = old[shared : shared + MAX_COMPARED], new[shared : shared + MAX_COMPARED]
    removed: list[str] = []
    added: list[str] = []
    for kind, low, high, new_low, new_high in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind != "equal":
            left, right = _around_difference(old[low:high], new[new_low:new_high])
            removed += left
            added += right
    return listed(removed), listed(added)


def listed(lines: Iterable[str]) -> str:
    """The first few lines, each cut where it is too wide, blank ones left out."""
    all_lines = [line for line in lines if line.strip()]
    shown = [
        line if len(line) <= MAX_WIDTH else f"{line[:MAX_WIDTH]}…" for line in all_lines[:MAX_LINES]
    ]
    if len(all_lines) > MAX_LINES:
        shown.append(f"… {len(all_lines) - MAX_LINES} more")
    return "\n".join(shown)


def counted(number: int, noun: str) -> str:
    """`1 read`, `2 reads`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _shared_lines(old: list[str], new: list[str]) -> int:
    for number, (left, right) in enumerate(zip(old, new, strict=False)):
        if left != right:
            return number
    return min(len(old), len(new))


def _around_difference(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Long lines that stand opposite each other, cut to begin shortly before they differ."""
    if len(old) != len(new):
        return old, new
    pairs = [_cut_to_difference(left, right) for left, right in zip(old, new, strict=True)]
    return [left for left, _ in pairs], [right for _, right in pairs]


def _cut_to_difference(left: str, right: str) -> tuple[str, str]:
    if max(len(left), len(right)) <= MAX_WIDTH:
        return left, right
    same = next(
        (place for place, (a, b) in enumerate(zip(left, right, strict=False)) if a != b),
        min(len(left), len(right)),
    )
    start = max(0, same - MAX_WIDTH // 4)
    return (f"…{left[start:]}", f"…{right[start:]}") if start else (left, right)
