"""Tells when a module has been imported, so that nothing is imported that the process itself does not import."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

type Callback = Callable[[ModuleType], None]


def watch(callbacks: Mapping[str, Callback]) -> None:
    """Call each callback with its module, as soon as that has been executed, or now where it has been."""
    waiting = dict(callbacks)
    for name in list(waiting):
        if name in sys.modules:
            _tell(waiting.pop(name), sys.modules[name])
    sys.meta_path.insert(0, _Finder(waiting))


def _tell(callback: Callback, module: ModuleType) -> None:
    with suppress(Exception):  # the process must not notice
        callback(module)


class _Finder(MetaPathFinder):
    """Finds nothing itself: it has the others find, and puts the callback behind the module's execution."""

    def __init__(self, waiting: dict[str, Callback]) -> None:
        self._waiting = waiting
        self._asking: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._waiting or fullname in self._asking:
            return None
        self._asking.add(fullname)  # another finder may ask all of them in turn
        try:
            spec = self._found_by_others(fullname, path, target)
        finally:
            self._asking.discard(fullname)
        if spec is not None and spec.loader is not None:
            self._call_after(spec.loader, fullname)
        return spec

    def _found_by_others(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None
    ) -> ModuleSpec | None:
        for finder in sys.meta_path:
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    return spec
        return None

    def _call_after(self, loader: Loader, name: str) -> None:
        """Have the loader tell when it has executed that module; it may only be asked where the module is."""
        execute = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            if module.__name__ == name and name in self._waiting:
                _tell(self._waiting.pop(name), module)

        loader.exec_module = exec_module  # type: ignore[method-assign]  # of this one loader
