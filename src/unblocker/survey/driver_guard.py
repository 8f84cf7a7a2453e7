"""Database drivers that the project asks itself, past Django: they refuse to connect, too."""

from __future__ import annotations

import sqlite3
import sys
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import ExitStack
    from importlib.machinery import ModuleSpec
    from types import ModuleType

type Refuse = Callable[[str, type[Exception]], Exception]

_CONNECTING = {
    "psycopg": ("connect", "Connection.connect", "AsyncConnection.connect"),
    "psycopg2": ("connect",),
    "MySQLdb": ("connect", "Connect"),
    "pymysql": ("connect", "Connect"),
}
_IN_MEMORY = frozenset({":memory:", b":memory:", "", b""})
_refusing: list[Refuse] = []


def refuse_drivers(refuse: Refuse, restored: ExitStack) -> None:
    """Have the drivers raise what `refuse` makes of a driver's name and its own kind of error, until `restored` ends.

    A driver that is imported later does so, too. SQLite in memory is nobody's database.
    """
    _refuse_sqlite(refuse, restored)
    for name in _CONNECTING:
        if name in sys.modules:
            _refuse_in(sys.modules[name], refuse, restored)
    finder = _Finder(refuse, restored)
    sys.meta_path.insert(0, finder)
    restored.callback(sys.meta_path.remove, finder)


def _refuse_sqlite(refuse: Refuse, restored: ExitStack) -> None:
    """By an audit hook, which is told of each connection whoever makes it, and can't be taken away again."""
    if not _AUDITED:
        sys.addaudithook(_audit)
        _AUDITED.append(True)
    _refusing.append(refuse)
    restored.callback(_refusing.remove, refuse)


_AUDITED: list[bool] = []


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "sqlite3.connect" and _refusing and arguments[0] not in _IN_MEMORY:
        raise _refusing[-1]("sqlite3", sqlite3.OperationalError)


class _Finder:
    """Notices that a driver is imported; the import itself goes on as ever."""

    def __init__(self, refuse: Refuse, restored: ExitStack) -> None:
        self.refuse = refuse
        self.restored = restored

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's spec, if it is a driver's; it refuses to connect as soon as it is there."""
        if name not in _CONNECTING:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            loader: Any = spec.loader
            execute = loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                _refuse_in(module, self.refuse, self.restored)

            loader.exec_module = exec_module
        return spec


def _refuse_in(module: ModuleType, refuse: Refuse, restored: ExitStack) -> None:
    kind = getattr(module, "OperationalError", Exception)

    def connect(*given: object, **named: object) -> None:
        del given, named
        raise refuse(module.__name__, kind)

    for path in _CONNECTING[module.__name__]:
        *inner, name = path.split(".")
        owner: Any = module
        for part in inner:
            owner = getattr(owner, part, None)
        if owner is not None and name in vars(owner):
            restored.callback(setattr, owner, name, vars(owner)[name])
            setattr(owner, name, connect)
