"""Making together the reads that a template is bound to make one after the other.

Only what would have been read, once, is read: a queryset as a whole into its result cache, a foreign
key or one-to-one relation into its instance's cache. A read that fails is made again by rendering,
where its error belongs.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any

from django.core.paginator import Page
from django.db.models import Model, QuerySet
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

type _Read = Callable[[], None]
type _Key = tuple[int, str]  # a relation of an instance: the instance's id, the relation's name


def preload(template: Template, context: Context) -> None:
    """Read what the template is bound to read from the context, if that is more than one thing.

    Does nothing outside the bridge and where all share one connection (in a transaction, in a
    `TestCase`): nothing would overlap. Raises nothing of what it reads.
    """
    if not bridge.inside():
        return
    used = uses(template)
    values = {name: _value(context.get(name)) for name in used}
    unread = _unread_querysets(values)
    reads = [
        queryset._fetch_all
        for queryset, names in unread
        if _is_bound([used[name] for name in names]) and not _reaches_out(queryset)
    ]
    if not any(_reaches_out(queryset) for queryset, _ in unread):
        paths = [(values[name], path) for name, use in used.items() for path in use.paths]
        reads += _relations(paths, set())
    if len(reads) > 1 and not ownership.enclosing():
        _make(reads)


def _make(reads: Iterable[_Read]) -> None:
    """Make reads at the same time."""
    bridge.wait(gather(*(unblock(_attempt)(read) for read in reads)))


def _attempt(read: _Read) -> None:
    with suppress(Exception):
        read()


def _value(value: Any) -> Any:
    """What there is to read: a page's rows, a lazy object's value (``request.user``) if known."""
    if type(value) is Page:
        return value.object_list
    if type(value) is SimpleLazyObject:
        wrapped = value.__dict__["_wrapped"]
        return None if wrapped is empty else wrapped
    return value


def _unread_querysets(values: Mapping[str, Any]) -> list[tuple[Any, list[str]]]:
    """The querysets that are not read yet, each with all its names."""
    found: dict[int, tuple[Any, list[str]]] = {}
    for name, value in values.items():
        is_queryset = _reads_whole_by(type(value)) in _WHOLE and not callable(value)
        if is_queryset and value._result_cache is None:
            found.setdefault(id(value), (value, []))[1].append(name)
    return list(found.values())


def _reads_whole_by(cls: type) -> tuple[object, ...]:
    return tuple(getattr(cls, name, None) for name in ("__bool__", "__iter__", "__len__"))


_WHOLE = (_reads_whole_by(QuerySet), _reads_whole_by(RawQuerySet))


def _is_bound(its: list[Use]) -> bool:
    """Whether a queryset is bound to be read whole, and not used in another way before."""
    return min(use.whole for use in its) < min(use.otherwise for use in its)


def _reaches_out(queryset: Any) -> bool:
    """Whether reading it may read relations of an instance that is not its own: by a prefetch."""
    known = getattr(queryset, "_known_related_objects", None)
    return bool(known and queryset._prefetch_related_lookups)


def _relations(starts: Iterable[tuple[Any, Path]], begun: set[_Key]) -> list[_Read]:
    """Reads of what is unread first on each path, and then of the rest; ``begun`` are others'."""
    found: dict[_Key, tuple[Model, str, list[Path]]] = {}
    for start, path in starts:
        if (unread := _first_unread(start, path)) is not None:
            instance, name, further = unread
            found.setdefault((id(instance), name), (instance, name, []))[2].append(further)
    reads: list[_Read] = [
        partial(_follow, *relation, begun) for key, relation in found.items() if key not in begun
    ]
    begun |= found.keys()
    return reads


def _follow(instance: Model, name: str, paths: list[Path], begun: set[_Key]) -> None:
    related = getattr(instance, name)
    if reads := _relations([(related, path) for path in paths], begun):
        _make(reads)


def _first_unread(value: Any, path: Path) -> tuple[Model, str, Path] | None:
    """The instance on the path whose relation is not read yet, the relation and the path behind it.

    None: all are read, or something else is in the way.
    """
    for place, name in enumerate(path):
        cls: Any = type(value)
        field = _relation(cls, name) if issubclass(cls, Model) else None
        if field is None or not _is_plain(value):
            break
        if not field.is_cached(value):
            has_row = getattr(value, getattr(field, "attname", "pk")) is not None
            return (value, name, path[place + 1 :]) if has_row else None
        value = field.get_cached_value(value)
    return None


def _is_plain(instance: Model) -> bool:
    """Whether its relations are read one by one, and kept until it is read again as a whole."""
    mode = getattr(instance._state, "fetch_mode", None)
    return not (
        callable(instance) or instance.get_deferred_fields() or getattr(mode, "track_peers", False)
    )


@lru_cache(maxsize=1024)
def _relation(model: Any, name: str) -> Any:
    """The relation of Django's that a template is sure to find under the name.

    None also for one whose row may well be missing: unlike the others, it is not kept that it is.
    """
    if hasattr(model, "__getitem__") or model.__getattribute__ is not object.__getattribute__:
        return None
    descriptor: Any = next((vars(cls)[name] for cls in model.__mro__ if name in vars(cls)), None)
    if type(descriptor) is ReverseOneToOneDescriptor:
        field, is_kept = descriptor.related, True
    elif type(descriptor) in (ForwardManyToOneDescriptor, ForwardOneToOneDescriptor):
        field, is_kept = descriptor.field, getattr(descriptor.field, "db_constraint", False)
    else:
        return None
    return field if is_kept and field.model is model._meta.concrete_model else None
