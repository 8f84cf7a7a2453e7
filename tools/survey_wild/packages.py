"""The table of packages, `packages.toml`, checked."""

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import msgspec

HERE = Path(__file__).parent
SERIES = ("5.2", "6.1")


class Package(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One package and the project that uses it; `packages.toml` says what the parts are.

    Attributes:
        django: the series of Django that it is surveyed on.
        requirements: further packages that the project needs.
        include: URLconfs of the package, instead of `urls`.
    """

    name: str
    why: str
    modules: tuple[str, ...]
    rank: int | None = None
    django: str = "6.1"
    extras: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()
    middleware: tuple[str, ...] = ()
    context_processors: tuple[str, ...] = ()
    settings: str = ""
    include: tuple[str, ...] = ()
    urls: str = ""

    @property
    def requirement(self) -> str:
        """What pip is asked for, without a version."""
        return f"{self.name}[{','.join(self.extras)}]" if self.extras else self.name


class Table(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"packages": "package"}
):
    """All packages, the most downloaded first, and the day on which their ranks were looked up."""

    checked: date
    packages: tuple[Package, ...]


def table() -> Table:
    """The table in this folder."""
    return msgspec.convert(
        tomllib.loads((HERE / "packages.toml").read_text(encoding="utf-8")), Table
    )


def lock_file(series: str) -> Path:
    """The exact versions of everything that is installed beside this series of Django."""
    return HERE / f"locked-{series}.txt"


def locked(series: str) -> tuple[str, ...]:
    """Its lines."""
    lines = lock_file(series).read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if not line.startswith("#"))


def version(name: str, lines: Iterable[str]) -> str:
    """The version of a package in a lock file's lines.

    Raises:
        KeyError: it is not among them.
    """
    for line in lines:
        found, _, number = line.partition("==")
        if normal(found.partition("[")[0]) == normal(name):
            return number.partition(" ")[0]
    raise KeyError(name)


def normal(name: str) -> str:
    """A distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()
