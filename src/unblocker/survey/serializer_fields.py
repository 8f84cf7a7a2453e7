"""What a serializer of Django REST framework is made of: its fields, as its class declares them and its model has them.

Nothing is imported that the project has not imported, and no serializer is instantiated.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from unblocker.survey import models as facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

type FieldKind = Literal["plain", "key", "text", "slug", "method", "nested", "custom"]

_SERIALIZERS = "rest_framework.serializers"
_RELATIONS = "rest_framework.relations"


@dataclass(frozen=True, slots=True)
class SerializerField:
    """One field.

    Attributes:
        source: the attributes that lead from the object to what it shows; empty for the object itself (`source="*"`).
        many: it shows each of several.
        cls: of a nested serializer or a custom field, its class.
        attribute: of a method field, the serializer's method; of a slug field, the attribute it shows.
        reads, writes: it takes part when an object is shown, or when data is validated.
        model: of a related field that is written, the model in which the given keys are looked up.
        declared: it stands in the class, and is not made from the model.
    """

    name: str
    kind: FieldKind
    source: tuple[str, ...]
    many: bool = False
    cls: type | None = None
    attribute: str = ""
    reads: bool = True
    writes: bool = True
    model: type[Model] | None = None
    declared: bool = True


def is_serializer(cls: object) -> bool:
    """Whether it is a serializer's class, in a project that uses the framework."""
    module = sys.modules.get(_SERIALIZERS)
    return module is not None and isinstance(cls, type) and issubclass(cls, module.BaseSerializer)


def model_of(cls: type) -> type[Model] | None:
    """The model of a model serializer."""
    model: type[Model] | None = getattr(getattr(cls, "Meta", None), "model", None)
    return model


def fields_of(cls: type) -> tuple[SerializerField, ...]:
    """The serializer's fields, in order."""
    declared: dict[str, Any] = dict(getattr(cls, "_declared_fields", {}))
    model = model_of(cls)
    if model is None:
        return tuple(_declared(name, field) for name, field in declared.items())
    return tuple(
        _declared(name, declared[name]) if name in declared else _from_model(cls, model, name)
        for name in _names(cls, model, declared)
    )


def _names(cls: type, model: type[Model], declared: dict[str, Any]) -> Iterator[str]:
    """Those that `Meta` lists, or all of the model's but those that it excludes."""
    meta: Any = cls.Meta  # type: ignore[attr-defined]  # `model_of` has found it
    listed = getattr(meta, "fields", None)
    if isinstance(listed, list | tuple):
        yield from listed
        return
    excluded = frozenset(getattr(meta, "exclude", None) or ())
    yield from (name for name in declared if name not in excluded)
    for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
        if field.name not in excluded and field.name not in declared:
            yield field.name


def _from_model(cls: type, model: type[Model], name: str) -> SerializerField:
    meta: Any = cls.Meta  # type: ignore[attr-defined]
    options = (getattr(meta, "extra_kwargs", None) or {}).get(name, {})
    read_only = options.get("read_only", name in (getattr(meta, "read_only_fields", None) or ()))
    source = tuple(str(options.get("source", name)).split("."))
    relation = facts.relations(model).get(source[0]) if len(source) == 1 else None
    writes = not read_only
    reads = not options.get("write_only", False)
    if relation is None:
        return SerializerField(name, "plain", source, reads=reads, writes=writes, declared=False)
    many = relation.kind == "many"
    if getattr(meta, "depth", 0):
        return SerializerField(
            name, "plain", source, many, reads=reads, writes=False, declared=False
        )
    return SerializerField(
        name, "key", source, many, reads=reads, writes=writes, model=relation.model, declared=False
    )


def _declared(name: str, field: Any) -> SerializerField:
    inner = getattr(field, "child_relation", None) or getattr(field, "child", None) or field
    source = getattr(field, "source", None) or name
    path = () if source == "*" else tuple(str(source).split("."))
    kind, attribute = _kind(name, inner)
    queryset = getattr(inner, "queryset", None)
    return SerializerField(
        name, kind, path,
        many=inner is not field,
        cls=type(inner) if kind in ("nested", "custom") else None,
        attribute=attribute,
        reads=not getattr(field, "write_only", False),
        writes=not getattr(field, "read_only", False),
        model=getattr(queryset, "model", None),
    )  # fmt: skip


def _kind(name: str, field: Any) -> tuple[FieldKind, str]:
    if is_serializer(type(field)):
        return "nested", ""
    names = {f"{cls.__module__}.{cls.__name__}" for cls in type(field).__mro__}
    if "rest_framework.fields.SerializerMethodField" in names:
        return "method", str(field.method_name or f"get_{name}")
    if not type(field).__module__.startswith("rest_framework."):
        return "custom", ""
    if f"{_RELATIONS}.SlugRelatedField" in names:
        return "slug", str(field.slug_field)
    if f"{_RELATIONS}.StringRelatedField" in names:
        return "text", ""
    return ("key", "") if f"{_RELATIONS}.RelatedField" in names else ("plain", "")
