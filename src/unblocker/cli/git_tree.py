"""Whether git has what is about to be changed."""

import subprocess
from pathlib import Path

from unblocker.errors import UnblockError

_SHOWN = 3


def refuse_dirty(root: Path) -> None:
    """Go on where git has every change of the project's files, or does not keep the project at all.

    Raises:
        UnblockError: a file that git keeps was changed since (U543).
    """
    changed = changed_since_commit(root)
    if changed:
        more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
        raise UnblockError(
            "U543",
            f"{', '.join(changed[:_SHOWN])}{more} in {root} changed since the last commit",
            hint="Commit or stash, so that the conversion stands alone; --allow-dirty writes beside the changes.",
        )


def changed_since_commit(root: Path) -> list[str]:
    """The files below `root` that git keeps and that differ from its last commit; none where git can't say."""
    command = ("git", "status", "--porcelain", "--untracked-files=no", "-z", "--", ".")
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    except OSError:
        return []
    entries = done.stdout.split("\0") if done.returncode == 0 else []
    return [entry[3:] for entry in entries if entry]
