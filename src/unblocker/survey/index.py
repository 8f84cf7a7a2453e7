"""The catalog, found by live object: which entry stands for this function or this class's method."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from unblocker.catalog.base import Entry, Family, Harmless


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalog says of a call; `name` is `family.entry`, empty for what is harmless."""

    name: str
    item: Entry | Harmless


@dataclass(slots=True)
class Index:
    """Lookups by identity, so that aliases and re-exports need no names of their own.

    Only modules that the project has imported are looked at; `refresh` after an import finds more.
    """

    families: tuple[Family, ...]
    _functions: dict[int, tuple[object, Known]] = field(default_factory=dict)
    _methods: dict[tuple[int, str], tuple[object, Known]] = field(default_factory=dict)
    _named: dict[str, Known] = field(default_factory=dict)
    _of_classes: dict[tuple[type, str], Known | None] = field(default_factory=dict)
    _modules: int = 0

    def __post_init__(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Resolve what could not be resolved before, if modules were imported since."""
        if len(sys.modules) == self._modules:
            return
        self._modules = len(sys.modules)
        self._of_classes.clear()
        for family in self.families:
            for call, known in _calls(family):
                self._named.setdefault(call, known)
                self._add(call, known)

    def _add(self, call: str, known: Known) -> None:
        found = _resolve(call)
        if found is None:
            return
        owner, name, target = found
        if isinstance(owner, type(sys)):
            self._functions.setdefault(id(target), (target, known))
        else:
            self._methods.setdefault((id(owner), name), (owner, known))

    def function(self, target: object) -> Known | None:
        """What is known of calling this function or class."""
        found = self._functions.get(id(target))
        return found[1] if found else None

    def method(self, cls: type, name: str) -> Known | None:
        """What is known of this method; one that is named outweighs a `*`, wherever in the MRO they stand."""
        key = cls, name
        if key not in self._of_classes:
            found = self._first(cls.__mro__, name) or self._first(cls.__mro__, "*")
            self._of_classes[key] = found
        return self._of_classes[key]

    def object_method(self, owner: object, name: str) -> Known | None:
        """What is known of a method of this very object, such as `cache.get`."""
        return self._first((owner,), name)

    def named(self, call: str) -> Known | None:
        """What is known under the dotted name that the catalog itself uses."""
        return self._named.get(call)

    def _first(self, owners: Iterable[object], name: str) -> Known | None:
        for owner in owners:
            found = self._methods.get((id(owner), name))
            if found:
                return found[1]
        return None


def _calls(family: Family) -> Iterator[tuple[str, Known]]:
    for entry in family.entries:
        for call in entry.calls:
            yield call, Known(f"{family.name}.{entry.name}", entry)
    for harmless in family.harmless:
        for call in harmless.calls:
            yield call, Known("", harmless)


def _resolve(dotted: str) -> tuple[object, str, object] | None:
    """The owner, the last name and the object, of modules that are imported already."""
    parts = dotted.split(".")
    for length in range(len(parts) - 1, 0, -1):
        module = sys.modules.get(".".join(parts[:length]))
        if module is not None:
            return _walk(module, parts[length:])
    return None


def _walk(module: object, names: list[str]) -> tuple[object, str, object] | None:
    owner = module
    for name in names[:-1]:
        if name not in dir(type(owner)) and not hasattr(owner, name):
            return None
        owner = getattr(owner, name)
    last = names[-1]
    if last == "*":
        return owner, last, owner
    if not isinstance(owner, type(sys)):
        return owner, last, None
    target = vars(owner).get(last, owner)
    return None if target is owner else (owner, last, target)
