"""Headers as `requests` shows them: any case finds them, and they keep the case they came with."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping


class Headers[Value: (str, str | bytes)](MutableMapping[str, Value]):
    """A mapping whose keys compare without regard to case and iterate as they were last set."""

    def __init__(self, items: Mapping[str, Value] | None = None) -> None:
        self._items: dict[str, tuple[str, Value]] = {}
        self.update(items or {})

    def copy(self) -> "Headers[Value]":
        """The same headers in a new mapping."""
        return Headers(self)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._items

    def __getitem__(self, name: str) -> Value:
        return self._items[name.lower()][1]

    def __setitem__(self, name: str, value: Value) -> None:
        self._items[name.lower()] = (name, value)

    def __delitem__(self, name: str) -> None:
        del self._items[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        mine = {name.lower(): value for name, value in self.items()}
        return mine == {str(name).lower(): value for name, value in other.items()}

    __hash__ = None  # type: ignore[assignment]  # mutable, so not hashable

    def __repr__(self) -> str:
        return repr(dict(self.items()))


def received(raw: Iterable[tuple[bytes, bytes]]) -> Headers[str]:
    """The headers of a response; one that came several times is joined with a comma."""
    headers: Headers[str] = Headers()
    for name, value in raw:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers
