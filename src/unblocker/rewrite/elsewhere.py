"""What a project's other files ask of a module by name, as `mock.patch("shop.views.requests.get")` does."""

import re
from collections.abc import Iterable, Set
from pathlib import Path, PurePosixPath


class Elsewhere:
    """The project's files, read when first something is asked of them."""

    def __init__(self, root: Path, files: Iterable[str]) -> None:
        self._root = root
        self._files = tuple(file for file in files if file.endswith(".py"))
        self._texts: dict[str, str] = {}

    def asked_of(self, path: str, names: Set[str]) -> frozenset[str]:
        """Those of the names that another file imports from the module in `path`, or finds in it, be it in a text."""
        if not names:
            return frozenset()
        self._read()
        file = PurePosixPath(path)
        module = file.parent.name if file.stem == "__init__" else file.stem
        others = [text for other, text in self._texts.items() if other != path and module in text]
        return frozenset(
            name for name in names if any(_asks(text, module, name) for text in others)
        )

    def _read(self) -> None:
        if not self._texts:
            self._texts = {file: _text(self._root / file) for file in self._files}


def _asks(text: str, module: str, name: str) -> bool:
    if name not in text and "*" not in text:
        return False
    there = rf"\b{re.escape(module)}"
    return any(
        re.search(pattern, text)
        for pattern in (
            rf"{there}\.{re.escape(name)}\b",
            rf"{there}\s*,\s*[\"']{re.escape(name)}\b",
            rf"from\s+[\w.]*{there}\s+import\s+(?:\([^)]*?|[^\n(]*?)(?:\b{re.escape(name)}\b|\*)",
        )
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


NOWHERE = Elsewhere(Path(), ())
"""No other files."""
