"""Virtual environments for lists of requirements, with this checkout's tool in them, made once and kept."""

import fcntl
import hashlib
import os
import platform
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_DONE = ".installed"


class CannotInstallError(Exception):
    """The requirements can't be installed; the message says why."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment, in this folder, that has the requirements, and the tool as this checkout has it."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def packages(self) -> Path:
        """Where its packages are installed."""
        return next(self.folder.glob("lib/python*/site-packages"))

    @property
    def variables(self) -> Mapping[str, str]:
        """The variables for its processes: without Django's, and with this checkout's sources before all others."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO_")}
        return {**kept, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}


def environment(
    name: str, requirements: Iterable[str], progress: Callable[[str], None]
) -> Environment:
    """The environment for these requirements (pinned, one a line) and this Python; made where there is none.

    `name` is what its folder and `progress` call it. Requirements that are not named may be installed in any
    version. One that was left half made, by an interruption, is made anew; two processes never make the same one.

    Raises:
        CannotInstallError: the requirements can't be had, or contradict each other or the tool's.
    """
    wanted = tuple(requirements)
    folder = cache() / f"{name}-{_key(wanted)}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder.with_suffix(".lock")):
        if not (folder / _DONE).exists():
            progress(f"Installing {len(wanted)} packages for {name}")
            _make(folder, wanted)
            (folder / _DONE).touch()
    return Environment(folder)


def cache() -> Path:
    """The folder of all environments, outside of the repository."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "django-unblock" / "environments"


def _key(requirements: tuple[str, ...]) -> str:
    """What tells environments apart: the Python, what is asked for, and what the tool itself needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needs = [*project["dependencies"], *project["optional-dependencies"]["tool"]]
    text = "\n".join([platform.python_version(), *needs, "", *requirements])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Wait until no other process holds the lock; a process that ends lets go of it."""
    with lock.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make(folder: Path, requirements: tuple[str, ...]) -> None:
    _run("venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
    asked = "\n".join([*requirements, f"--editable {ROOT}[tool]"])
    python = str(folder / "bin" / "python")
    _run("pip", "install", "--quiet", "--python", python, "--requirement", "-", given=asked)


def _run(*command: str, given: str = "") -> None:
    """Run uv, which the lock installs beside this interpreter."""
    uv = Path(sys.executable).with_name("uv")
    ended = subprocess.run([uv, *command], input=given, check=False, capture_output=True, text=True)
    if ended.returncode:
        raise CannotInstallError(ended.stderr.strip())
