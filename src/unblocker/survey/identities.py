"""The names by which values are told apart: of the same object, of another, of one or the other."""

from __future__ import annotations

from unblocker.survey.replacing import replace
from unblocker.survey.values import (
    Awaitable,
    Either,
    Instance,
    Items,
    Manager,
    Mapping,
    Object,
    Page,
    QuerySet,
    Serializer,
    Value,
)


def fresh(value: Value, identity: str) -> Value:
    """The value under a new identity: nothing is remembered of what was fetched on it."""
    match value:
        case Instance() | QuerySet() | Serializer():
            return replace(value, identity=identity)
        case Manager():
            return replace(value, owner=identity)
        case Page(items=items, whole=whole):
            whole = fresh(whole, f"{identity}.whole") if whole is not None else None
            return replace(value, items=fresh(items, f"{identity}.items"), whole=whole)
        case Object(state=state) if state:
            held = tuple((name, fresh(item, f"{identity}.{name}")) for name, item in state)
            return replace(value, state=held)
        case Awaitable(returns=returns):
            return Awaitable(fresh(returns, identity))
        case Either(choices=choices):
            return Either(tuple(fresh(one, chosen(identity, at)) for at, one in enumerate(choices)))
        case Mapping():
            entries = tuple(
                (key, fresh(item, f"{identity}[{key!r}]")) for key, item in value.entries
            )
            return replace(value, entries=entries, rest=fresh(value.rest, f"{identity}[]"))
        case Items():
            parts = value.parts
            if parts is not None:
                parts = tuple(fresh(part, f"{identity}[{at}]") for at, part in enumerate(parts))
            return replace(value, element=fresh(value.element, f"{identity}[]"), parts=parts)
        case _:
            return value


def chosen(identity: str, at: int) -> str:
    """The identity of the object that an expression gives where it is the choice at this position."""
    return f"{identity}~{at}"


def older(value: Value) -> Value:
    """An object that a former round of a loop made."""
    if isinstance(value, Either):
        return Either(tuple(older(one) for one in value.choices))
    identity = getattr(value, "identity", "")
    return fresh(value, aged(identity)) if identity else value


def aged(identity: str) -> str:
    """The identity of an object that a former round of a loop made."""
    older = sorted({f"{choice.rstrip(chr(39))}'" for choice in _choices(identity)})
    return older[0] if len(older) == 1 else f"({'|'.join(older)})"


def one_of(one: str, other: str) -> str:
    """The identity of an object that is one or the other: it is neither, as far as what was fetched goes."""
    both = sorted({*_choices(one), *_choices(other)})
    return both[0] if len(both) == 1 else f"({'|'.join(both)})"


def _choices(identity: str) -> list[str]:
    return (
        identity[1:-1].split("|")
        if identity.startswith("(") and identity.endswith(")")
        else [identity]
    )
