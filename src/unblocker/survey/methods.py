"""Calls of methods, by what they are called on."""

from __future__ import annotations

import ast
import types
from dataclasses import replace
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models.query import QuerySet as DjangoQuerySet

from unblocker.catalog.base import Entry, Harmless
from unblocker.records.survey import Location
from unblocker.survey import catalog_calls, form_calls, querysets, saving
from unblocker.survey import models as facts
from unblocker.survey.effects import elements, fresh, present
from unblocker.survey.frame import operation
from unblocker.survey.harmless import NON_MUTATING_METHODS, is_harmless
from unblocker.survey.live import known_text, static_attribute
from unblocker.survey.project_calls import invoke, unknown_call
from unblocker.survey.values import (
    INERT,
    NEVER,
    UNKNOWN,
    Form,
    Instance,
    Items,
    Live,
    Manager,
    Mapping,
    Method,
    Object,
    Page,
    QuerySet,
    Session,
    Super,
    Value,
    join,
)

if TYPE_CHECKING:
    from unblocker.survey.frame import Frame
    from unblocker.survey.index import Known
    from unblocker.survey.querysets import Arguments

_RELATED = "django.db.models.manager.RelatedManager"
_CREATING = frozenset({"create", "get_or_create", "update_or_create", "bulk_create"})


def call_method(frame: Frame, node: ast.expr, method: Method, given: Arguments) -> Value:
    """What the method returns; what it does is put on record at `node`."""
    match method.receiver:
        case QuerySet() | Manager() as receiver:
            return _on_query(frame, node, receiver, method.name, given)
        case Instance() as receiver:
            return _on_instance(frame, node, receiver, receiver.model, method.name, given)
        case Super(cls=cls, receiver=receiver):
            return _on_super(frame, node, cls, receiver, method.name, given)
        case Form() as receiver:
            return form_calls.call(frame, node, receiver, receiver.cls, method.name, given)
        case Items() as receiver:
            return _on_items(frame, node, receiver, method.name, given)
        case Mapping() as receiver:
            return _on_mapping(frame, node, receiver, method.name, given)
        case Session():
            return _on_session(frame, node, method.receiver, method.name, given)
        case Page() as receiver:
            return _on_page(frame, node, receiver, method.name, given)
        case Object(cls=cls) as receiver:
            return _on_object(frame, node, receiver, cls, method.name, given)
        case Live(target=target):
            return _on_live(frame, node, target, method.name, given)
        case _:
            return unknown_call(frame, node, given)


def _on_query(
    frame: Frame, node: ast.expr, receiver: QuerySet | Manager, name: str, given: Arguments
) -> Value:
    owned = static_attribute(receiver.cls, name)
    if _is_own(frame, owned):
        return _own(frame, node, receiver, owned, given)
    base = receiver
    if isinstance(receiver, Manager):
        related = frame.world.index.named(f"{_RELATED}.{name}")
        if receiver.owner and related is not None:
            return _change_relation(frame, node, receiver, related)
        base = _queryset(frame, node, receiver)
        owned = static_attribute(base.cls, name) if isinstance(base, QuerySet) else None
        if isinstance(base, QuerySet) and _is_own(frame, owned):
            return _own(frame, node, base, owned, given)
    if not isinstance(base, QuerySet):
        return UNKNOWN
    return on_queryset(frame, node, base, name, given)


def _is_own(frame: Frame, found: object) -> bool:
    """Whether it is a method that the project wrote, not Django's proxy to one on the queryset."""
    return (
        isinstance(found, types.FunctionType)
        and frame.world.owns(found)
        and found.__globals__["__name__"] != "django.db.models.manager"
    )


def _own(
    frame: Frame, node: ast.expr, receiver: QuerySet | Manager, function: object, given: Arguments
) -> Value:
    return invoke(frame, node, function, given, receiver=receiver)


def _queryset(frame: Frame, node: ast.expr, manager: Manager) -> Value:
    """The queryset that every method of the manager starts from, an overridden `get_queryset` minded."""
    override = static_attribute(manager.cls, "get_queryset")
    if isinstance(override, types.FunctionType) and frame.world.owns(override):
        nothing = querysets.Arguments((), {}, open=False)
        made = invoke(frame, node, override, nothing, receiver=manager, implicit=True)
        if isinstance(made, QuerySet):
            return replace(made, tables=made.tables | manager.tables)
    return querysets.from_manager(manager, frame.identity(node))


def on_queryset(frame: Frame, node: ast.expr, base: QuerySet, name: str, given: Arguments) -> Value:
    """A method of Django's own QuerySet."""
    known = frame.world.index.method(base.cls, name) or frame.world.index.method(
        DjangoQuerySet, name
    )
    if known is None or isinstance(known.item, Harmless):
        if name in ("__len__", "__iter__"):
            return elements(frame, node, base)
        return unknown_call(frame, node, given)
    entry, identity = known.item, frame.identity(node)
    look_up(frame, node, given)
    if entry.lazy:
        return querysets.build(base, name, given, identity)
    if name in ("count", "exists") and (base.evaluated or frame.is_fetched(base.identity)):
        frame.opaque()
        return INERT
    frame.operate(node, _terminal(frame, node, known, entry, base, name, given))
    returned = querysets.result(base, entry.returns, identity, name)
    if name in _CREATING and isinstance(returned, Instance):
        given_names = {key for key, value in given.keywords.items() if isinstance(value, Instance)}
        return replace(returned, loaded=returned.loaded | given_names)
    return returned


def look_up(frame: Frame, node: ast.expr, given: Arguments) -> None:
    """Instances that a query is made of are looked at: `request.user` is read then."""
    for value in given.values():
        if isinstance(value, Instance):
            present(frame, node, value)


def _terminal(
    frame: Frame,
    node: ast.expr,
    known: Known,
    entry: Entry,
    base: QuerySet,
    name: str,
    given: Arguments,
):  # type: ignore[no-untyped-def]
    reads = base.tables | querysets.lookup_tables(base.model, name, given)
    writes: frozenset[Location] = frozenset()
    if entry.writes:
        writes = facts.own_tables(base.model)
        if name in ("create", "get_or_create", "update_or_create"):
            reads, writes = saving.saved(frame, node, base.model, reads, writes)
        elif name == "delete":
            reads, writes = saving.deleted(frame, node, base.model, reads, writes)
    if name in ("create", "bulk_create"):
        reads -= facts.own_tables(base.model)
    return operation(
        known.name,
        entry.kind,
        f"{base.model.__name__}.{name}",
        reads=reads,
        writes=writes,
        raises=entry.raises,
    )


def _change_relation(frame: Frame, node: ast.expr, receiver: Manager, known: Known) -> Value:
    entry = known.item
    assert isinstance(entry, Entry)  # noqa: S101  # RelatedManager's methods are entries, never harmless
    frame.operate(
        node,
        operation(
            known.name,
            entry.kind,
            f"{receiver.model.__name__}.{entry.name}",
            reads=receiver.tables,
            writes=(Location("table", receiver.through),),
        ),
    )
    return INERT


def _on_instance(
    frame: Frame, node: ast.expr, receiver: Instance, cls: type, name: str, given: Arguments
) -> Value:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        receiver = present(frame, node.func.value, receiver)
    frame.opaque()
    found = static_attribute(cls, name)
    if frame.world.owns(found):
        target = found.__func__ if isinstance(found, classmethod | staticmethod) else found
        return invoke(frame, node, target, given, receiver=receiver)
    return _known_instance_method(frame, node, receiver, cls, name, given)


def _known_instance_method(
    frame: Frame, node: ast.expr, receiver: Instance, cls: type, name: str, given: Arguments
) -> Value:
    known = frame.world.index.method(cls, name)
    if known is None:
        if name.startswith("get_") and name.endswith("_display"):
            return INERT
        return unknown_call(frame, node, given)
    if isinstance(known.item, Harmless):
        return catalog_calls.harmless(frame, node, known.item, given)
    if known.name.startswith("django_orm."):
        _persist(frame, node, known, known.item, receiver, name)
        return INERT
    return catalog_calls.outside(frame, node, known, known.item, given)


def _persist(
    frame: Frame, node: ast.expr, known: Known, entry: Entry, receiver: Instance, name: str
) -> None:
    model = receiver.model
    tables = facts.own_tables(model)
    reads: frozenset[Location] = frozenset()
    writes: frozenset[Location] = frozenset()
    if name in ("save", "save_base"):
        reads, writes = saving.signalled(frame, node, model, "save", reads, tables)
    elif name == "delete":
        reads, writes = saving.deleted(frame, node, model, reads, tables)
    else:
        reads = tables
    frame.operate(
        node,
        operation(known.name, entry.kind, f"{model.__name__}.{name}", reads=reads, writes=writes),
    )
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        frame.mutate(node.func.value)


def _on_super(
    frame: Frame, node: ast.expr, cls: type, receiver: Value, name: str, given: Arguments
) -> Value:
    """`super().name(…)`: the next class in the MRO that has it."""
    frame.opaque()
    actual = _class_of(receiver) or cls
    mro = actual.__mro__
    rest = mro[mro.index(cls) + 1 :] if cls in mro else mro
    owner = next((base for base in rest if name in vars(base)), None)
    if owner is None:
        return UNKNOWN if name not in ("__init__", "__init_subclass__") else INERT
    found = vars(owner)[name]
    if frame.world.owns(found):
        target = found.__func__ if isinstance(found, classmethod | staticmethod) else found
        return invoke(frame, node, target, given, receiver=receiver)
    match receiver:
        case QuerySet():
            return on_queryset(frame, node, receiver, name, given)
        case Manager():
            if name == "get_queryset":
                return querysets.from_manager(receiver, frame.identity(node))
            return on_queryset(
                frame, node, querysets.from_manager(receiver, frame.identity(node)), name, given
            )
        case Instance():
            return _known_instance_method(frame, node, receiver, owner, name, given)
        case Form():
            return form_calls.call(frame, node, receiver, owner, name, given)
        case _ if name == "__init__" and is_harmless(owner):
            return INERT
        case _:
            return _on_object(frame, node, receiver, owner, name, given)


def _class_of(receiver: Value) -> type | None:
    match receiver:
        case (
            Instance(model=cls)
            | Form(cls=cls)
            | Object(cls=cls)
            | QuerySet(cls=cls)
            | Manager(cls=cls)
        ):
            return cls
        case Live(target=type() as cls):
            return cls
        case _:
            return None


def _on_items(frame: Frame, node: ast.expr, receiver: Items, name: str, given: Arguments) -> Value:
    frame.opaque()
    holder = (
        node.func.value
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        else None
    )
    if name not in NON_MUTATING_METHODS and holder is not None:
        frame.mutate(holder)
    if name in ("append", "add", "appendleft", "insert") and given.positional:
        _grow(frame, holder, Items(join(receiver.element, fresh(given.positional[-1], ""))))
        return INERT
    if name in ("extend", "update") and given.positional and isinstance(node, ast.Call):
        more = elements(frame, node.args[0], given.positional[0])
        _grow(frame, holder, Items(join(receiver.element, more)))
        return INERT
    if name in ("pop", "popleft"):
        return fresh(receiver.element, frame.identity(node))
    if name in ("copy", "union", "intersection", "difference"):
        return receiver
    return INERT


def _grow(frame: Frame, holder: ast.expr | None, value: Value) -> None:
    if isinstance(holder, ast.Name) and holder.id in frame.locals:
        frame.env.values[holder.id] = value


def _on_mapping(
    frame: Frame, node: ast.expr, receiver: Mapping, name: str, given: Arguments
) -> Value:
    frame.opaque()
    holder = (
        node.func.value
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        else None
    )
    identity = frame.identity(node)
    every = join_values(receiver)
    key = given.positional[0] if given.positional else NEVER
    if name in ("get", "pop", "setdefault"):
        if name != "get" and holder is not None:
            frame.mutate(holder)
        text = known_text(key)
        found = receiver.get(text) if text is not None else every
        default = given.positional[1] if len(given.positional) > 1 else INERT
        return fresh(join(found, default), identity)
    if name == "items":
        return Items(Items(UNKNOWN, (INERT, every)))
    if name == "values":
        return Items(every)
    if name in ("keys", "copy"):
        return Items(INERT) if name == "keys" else receiver
    if holder is not None:
        frame.mutate(holder)
        if name == "update":
            _update(frame, holder, receiver, given)
    return INERT


def _update(frame: Frame, holder: ast.expr, receiver: Mapping, given: Arguments) -> None:
    merged = dict(receiver.entries)
    rest = receiver.rest
    for value in given.positional:
        if isinstance(value, Mapping):
            merged.update(value.entries)
            rest = join(rest, value.rest)
        else:
            rest = UNKNOWN
    merged.update(given.keywords)
    _grow(frame, holder, Mapping(tuple(merged.items()), rest))


def join_values(value: Mapping) -> Value:
    """What any of the mapping's values may be."""
    found = value.rest
    for _, item in value.entries:
        found = join(found, item)
    return found


def load_session(frame: Frame, node: ast.expr, session: Session) -> None:
    """The first use of the session reads it; every use must keep its place."""
    if frame.fetch(session.identity):
        frame.operate(
            node,
            operation(
                "django_sessions.load",
                "query",
                "request.session",
                reads=frame.world.facts.session_reads,
                implicit=True,
            ),
        )
    frame.touch(Location("session"))


def _on_session(
    frame: Frame, node: ast.expr, session: Session, name: str, given: Arguments
) -> Value:
    from django.contrib.sessions.backends.base import SessionBase

    known = frame.world.index.method(SessionBase, name)
    if known is None:
        return unknown_call(frame, node, given)
    if isinstance(known.item, Harmless):
        owner = (
            node.func.value
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            else node
        )
        load_session(frame, owner, session)
        return catalog_calls.harmless(frame, node, known.item, given)
    return catalog_calls.outside(frame, node, known, known.item, given)


def _on_page(frame: Frame, node: ast.expr, receiver: Page, name: str, given: Arguments) -> Value:
    frame.opaque()
    if not receiver.paginator or name not in ("get_page", "page"):
        return INERT
    rows = receiver.items
    known = frame.world.index.method(Paginator, name)
    if isinstance(rows, QuerySet) and known is not None and isinstance(known.item, Entry):
        if not rows.evaluated and frame.fetch(f"{rows.identity}#"):
            label = f"count {rows.model.__name__}"
            frame.operate(node, operation(known.name, known.item.kind, label, reads=rows.tables))
        rows = replace(rows, identity=f"{frame.identity(node)}page")
    return Page(rows, paginator=False)


def _on_object(
    frame: Frame, node: ast.expr, receiver: Value, cls: type, name: str, given: Arguments
) -> Value:
    found = static_attribute(cls, name)
    if frame.world.owns(found):
        target = found.__func__ if isinstance(found, classmethod | staticmethod) else found
        return invoke(frame, node, target, given, receiver=receiver)
    return _known_method(frame, node, frame.world.index.method(cls, name), cls, name, given)


def _on_live(frame: Frame, node: ast.expr, target: object, name: str, given: Arguments) -> Value:
    known = frame.world.index.object_method(target, name)
    if known is not None:
        return _known_method(frame, node, known, type(target), name, given)
    return _on_object(frame, node, Object(type(target)), type(target), name, given)


def _known_method(
    frame: Frame, node: ast.expr, known: Known | None, cls: type, name: str, given: Arguments
) -> Value:
    if known is None:
        if is_harmless(cls):
            frame.opaque()
            if (
                name not in NON_MUTATING_METHODS
                and isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
            ):
                frame.mutate(node.func.value)
            return INERT
        return unknown_call(frame, node, given)
    if isinstance(known.item, Harmless):
        return catalog_calls.harmless(frame, node, known.item, given)
    returned = catalog_calls.outside(frame, node, known, known.item, given, owner=cls.__name__)
    if name not in NON_MUTATING_METHODS and known.item.writes and isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and known.item.kind == "cpu":
            frame.mutate(node.func.value)
    return returned
