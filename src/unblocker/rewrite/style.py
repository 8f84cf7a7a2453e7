"""How wide a file's lines may be: as the project's formatter is told, else as its widest line of code is."""

import configparser
import tomllib
from pathlib import Path

BLACK_DEFAULT = 88
WIDEST = 120


def line_length(root: Path) -> int | None:
    """The line length of the project's ruff, black or flake8 settings; None where it has no such settings.

    Looked for in `ruff.toml`, `.ruff.toml`, `pyproject.toml`, `setup.cfg` and `.flake8` of `root`, in this order.
    """
    for name, section in (
        ("ruff.toml", ()),
        (".ruff.toml", ()),
        ("pyproject.toml", ("tool", "ruff")),
        ("pyproject.toml", ("tool", "black")),
    ):
        found = _from_toml(root / name, section)
        if found is not None:
            return found
    for name in ("setup.cfg", ".flake8"):
        found = _from_ini(root / name)
        if found is not None:
            return found
    return None


def width_of(text: str) -> int:
    """How wide new lines may be in a source that no formatter keeps: as its widest line, from 88 to 120 characters.

    Comments don't count, nor do lines inside of texts: those are as wide as somebody's words.
    """
    lines = (line for line in text.splitlines() if line.endswith((")", "]", "}", ":", ",")))
    widest = max((len(line) for line in lines if not line.lstrip().startswith("#")), default=0)
    return min(max(widest, BLACK_DEFAULT), WIDEST)


def _from_toml(path: Path, section: tuple[str, ...]) -> int | None:
    try:
        table: object = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    for key in section:
        table = table.get(key) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        return None
    width = table.get("line-length", BLACK_DEFAULT)
    return width if isinstance(width, int) else BLACK_DEFAULT


def _from_ini(path: Path) -> int | None:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
        return parser.getint("flake8", "max-line-length", fallback=None)
    except (configparser.Error, ValueError):
        return None
