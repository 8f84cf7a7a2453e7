"""Untouched lines byte for byte, also where LibCST does not give back what it read."""

import re
from difflib import SequenceMatcher

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")


def with_original_lines(original: str, roundtrip: str, rewritten: str) -> str | None:
    """`rewritten` with every line that it shares with `roundtrip` as it is in `original`.

    `roundtrip` is what LibCST gives for `original` without a change: form feeds and some line endings are lost in it,
    lines are not. None where even the number of lines differs.
    """
    if roundtrip == original:
        return rewritten
    old, plain, new = (LINE.findall(text) for text in (original, roundtrip, rewritten))
    if len(old) != len(plain):
        return None
    restored: list[str] = []
    for tag, start, end, new_start, new_end in SequenceMatcher(
        None, plain, new, autojunk=False
    ).get_opcodes():
        restored += old[start:end] if tag == "equal" else new[new_start:new_end]
    return "".join(restored)
