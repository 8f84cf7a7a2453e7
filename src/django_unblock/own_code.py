"""Which source files are the project's own: not Python's, not an installed package's, not ours."""

import sysconfig
from pathlib import Path

_NOT_THE_PROJECT = tuple(
    {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    | {str(Path(__file__).parent), "<frozen"}
)


def is_own(file: str) -> bool:
    """Return whether the file belongs to the project."""
    return not file.startswith(_NOT_THE_PROJECT)
