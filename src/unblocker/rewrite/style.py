"""How wide the project's lines may be."""

import configparser
import tomllib
from pathlib import Path

BLACK_DEFAULT = 88


def line_length(root: Path) -> int:
    """The line length that the project's ruff, black or flake8 settings name; black's default where none does.

    Looked for in `ruff.toml`, `.ruff.toml`, `pyproject.toml`, `setup.cfg` and `.flake8` of `root`, in this order.
    """
    for name, keys in (
        ("ruff.toml", ("line-length",)),
        (".ruff.toml", ("line-length",)),
        ("pyproject.toml", ("tool", "ruff", "line-length")),
        ("pyproject.toml", ("tool", "black", "line-length")),
    ):
        found = _from_toml(root / name, keys)
        if found is not None:
            return found
    for name in ("setup.cfg", ".flake8"):
        found = _from_ini(root / name)
        if found is not None:
            return found
    return BLACK_DEFAULT


def _from_toml(path: Path, keys: tuple[str, ...]) -> int | None:
    try:
        value: object = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value if isinstance(value, int) else None


def _from_ini(path: Path) -> int | None:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
        return parser.getint("flake8", "max-line-length", fallback=None)
    except (configparser.Error, ValueError):
        return None
