"""What a worker notices of signals that somebody receives: of rows, of logins, and of the project's own."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from django.contrib.auth import signals as of_users
from django.db.models import Model
from django.db.models import signals as of_rows
from django.dispatch import Signal

from unblocker.verify.plain import plain

_WAYS = ("send", "send_robust", "asend", "asend_robust")
# Sent for each row that is read, and while the project is loaded.
_LEFT_OUT = frozenset({"pre_init", "post_init", "class_prepared", "pre_migrate", "post_migrate"})
# What carries the signal, and what is another object on each side.
_NOT_TOLD = frozenset({"signal", "request", "origin"})


class Signalling:
    """Collects from the moment it is made; `clear` starts anew. Threads may send at the same time."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._names: dict[Signal, str] = {}
        self.sent: list[str] = []
        for way in _WAYS:
            self._listen(way)

    def clear(self) -> None:
        """Forget everything collected so far."""
        self.sent = []

    def _listen(self, way: str) -> None:
        send = getattr(Signal, way)

        def told(signal: Signal, sender: object, **named: Any) -> object:
            if signal.receivers and (name := self._name(signal)):
                self.sent.append(f"{name} from {_sender(sender)}: {_arguments(named)}")
            return send(signal, sender, **named)

        setattr(Signal, way, told)

    def _name(self, signal: Signal) -> str:
        """What its module calls it; "" where it is of no concern."""
        if signal not in self._names:
            found = (name for module in self._modules() for name in _called(module, signal))
            self._names[signal] = next(found, "")
        return self._names[signal]

    def _modules(self) -> Iterator[ModuleType]:
        yield from (of_rows, of_users)
        for module in tuple(sys.modules.values()):
            file = getattr(module, "__file__", None)
            if file and Path(file).is_relative_to(self._root):
                yield module


def _called(module: ModuleType, signal: Signal) -> Iterator[str]:
    for name, value in tuple(vars(module).items()):
        if value is signal and name not in _LEFT_OUT:
            yield name


def _sender(sender: object) -> str:
    is_class = issubclass(type(sender), type)  # isinstance would evaluate a lazy object
    kind: Any = sender if is_class else type(sender)
    return str(kind.__qualname__)


def _arguments(named: dict[str, Any]) -> str:
    told = (
        f"{name}={_argument(value)}"
        for name, value in sorted(named.items())
        if name not in _NOT_TOLD
    )
    return ", ".join(told)


def _argument(value: object) -> str:
    """Of a row its key: how much of it is loaded is not the receiver's business."""
    if issubclass(type(value), Model):
        return f"{type(value).__qualname__} {getattr(value, 'pk', None)}"
    return plain(value)
