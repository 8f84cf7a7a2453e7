"""Making together the reads that a template is bound to make one after the other.

Only what would have been read, once, is read: a queryset as a whole into its result cache, a foreign
key or one-to-one relation into its instance's cache. A read that fails is made again by rendering,
where its error belongs.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import ForeignKey, Model, OneToOneRel, QuerySet
from django.db.models.fields.related_descriptors import (
    ForwardManyToOneDescriptor,
    ForwardOneToOneDescriptor,
    ReverseOneToOneDescriptor,
)
from django.db.models.query import RawQuerySet
from django.template import Context
from django.template.base import Template
from django.utils.functional import SimpleLazyObject, empty

from django_unblock import bridge, ownership
from django_unblock.concurrency import gather, unblock
from django_unblock.templates.reading import Path, Use, uses

type _Key = tuple[int, str]  # a relation of an instance: the instance's id, the relation's name


def preload(template: Template, context: Context) -> None:
    """Read what the template is bound to read from the context, if that is more than one thing.

    Does nothing outside the bridge and where all share one connection (in a transaction, in a
    `TestCase`): nothing would overlap. Raises nothing of what it reads.
    """
    if not bridge.inside() or ownership.enclosing():
        return
    used = uses(template)
    values = {name: _value(context.get(name)) for name in used}
    unread = _unread_querysets(values)
    reads: list[_Queryset | _Relation] = [
        _Queryset(queryset)
        for queryset, names in unread
        if _is_bound([used[name] for name in names]) and not _reaches_out(queryset)
    ]
    if not any(_reaches_out(queryset) for queryset, _ in unread):
        paths = ((values[name], path) for name, use in used.items() for path in use.paths)
        reads += _relations(paths, set())
    if len(reads) > 1:
        _read_all(reads)


@dataclass(frozen=True, slots=True)
class _Queryset:
    queryset: Any

    def read(self) -> None:
        self.queryset._fetch_all()


@dataclass(frozen=True, slots=True)
class _Relation:
    """A relation to read, and the lookups on the related object.

    Attributes:
        begun: the relations that are being read, or were.
    """

    instance: Model
    name: str
    further: list[Path]
    begun: set[_Key]

    def read(self) -> None:
        related = getattr(self.instance, self.name)
        _read_all(_relations(((related, path) for path in self.further), self.begun))


def _read_all(reads: list[_Relation] | list[_Queryset | _Relation]) -> None:
    if len(reads) == 1:
        _attempt(reads[0])
    elif reads:
        bridge.wait(gather(*(unblock(_attempt)(read) for read in reads)))


def _attempt(read: _Queryset | _Relation) -> None:
    with suppress(Exception):
        read.read()


def _value(value: Any) -> Any:
    """The value itself, if it is a lazy object (``request.user``) whose value is known."""
    if type(value) is SimpleLazyObject:
        wrapped = value.__dict__["_wrapped"]
        return None if wrapped is empty else wrapped
    return value


def _unread_querysets(values: Mapping[str, Any]) -> list[tuple[Any, list[str]]]:
    """The querysets that are not read yet, each with all its names."""
    found: dict[int, tuple[Any, list[str]]] = {}
    for name, value in values.items():
        cls: Any = type(value)
        if _is_queryset(cls) and not callable(value) and value._result_cache is None:
            found.setdefault(id(value), (value, []))[1].append(name)
    return list(found.values())


@lru_cache(maxsize=1024)
def _is_queryset(cls: Any) -> bool:
    """Whether iterating over one, or asking for its length or truth, reads it whole."""
    return any(
        issubclass(cls, base)
        and all(getattr(cls, name) is getattr(base, name) for name in _READ_WHOLE_BY)
        for base in (QuerySet, RawQuerySet)
    )


_READ_WHOLE_BY = ("__bool__", "__iter__", "__len__")


def _is_bound(its: list[Use]) -> bool:
    """Whether a queryset is bound to be read whole, and not used in another way before."""
    return min(use.whole for use in its) < min(use.otherwise for use in its)


def _reaches_out(queryset: Any) -> bool:
    """Whether reading it may read relations of an instance that is not its own: by a prefetch."""
    known = getattr(queryset, "_known_related_objects", None)
    return bool(known and queryset._prefetch_related_lookups)


def _relations(starts: Iterable[tuple[Any, Path]], begun: set[_Key]) -> list[_Relation]:
    """What is to be read first on each path, each relation once."""
    found: dict[_Key, _Relation] = {}
    for start, path in starts:
        instance, (name, *further) = _first_unread(start, path)
        key = id(instance), name
        if key in found:
            found[key].further.append(tuple(further))
        elif name and key not in begun:
            found[key] = _Relation(instance, name, [tuple(further)], begun)
    begun.update(found)
    return list(found.values())


def _first_unread(value: Any, path: Path) -> tuple[Any, Path]:
    """The instance on the path whose relation is not read yet, with the rest of the path.

    The name in front is empty if there is none: all are read, or something else is in the way.
    """
    while path and issubclass(type(value), Model) and _is_plain(value):
        cls: Any = type(value)
        field = _relation(cls, path[0])
        if field is None:
            break
        if not field.is_cached(value):
            keys = (
                field.get_local_related_value(value)
                if isinstance(field, ForeignKey)
                else [value.pk]
            )
            return value, path if None not in keys else ("",)
        value, path = field.get_cached_value(value), path[1:]
    return None, ("",)


def _is_plain(instance: Model) -> bool:
    """Whether its relations are read one by one, and kept until it is read again as a whole."""
    mode = getattr(instance._state, "fetch_mode", None)
    return not (
        callable(instance) or instance.get_deferred_fields() or getattr(mode, "track_peers", False)
    )


@lru_cache(maxsize=1024)
def _relation(model: Any, name: str) -> ForeignKey[Any, Any] | OneToOneRel | None:
    """The relation of Django's that a template is sure to find under the name.

    None also for one whose row may well be missing: unlike the others, it is not kept that it is.
    """
    if hasattr(model, "__getitem__") or model.__getattribute__ is not object.__getattribute__:
        return None
    descriptor: Any = next((vars(cls)[name] for cls in model.__mro__ if name in vars(cls)), None)
    if type(descriptor) is ReverseOneToOneDescriptor:
        field, is_kept = descriptor.related, True
    elif type(descriptor) in (ForwardManyToOneDescriptor, ForwardOneToOneDescriptor):
        field = descriptor.field
        is_kept = isinstance(field, ForeignKey) and field.db_constraint  # type: ignore[attr-defined]
    else:
        return None
    return field if is_kept and field.model is model._meta.concrete_model else None
