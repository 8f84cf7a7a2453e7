"""Calls on managers, querysets and pages of them."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models.query import QuerySet as DjangoQuerySet

from unblocker.catalog.base import Entry, Harmless
from unblocker.records.survey import Location, Operation
from unblocker.survey import models as facts
from unblocker.survey import querysets, saving
from unblocker.survey.effects import elements, present
from unblocker.survey.kept import is_kept
from unblocker.survey.looking import static_attribute
from unblocker.survey.operations import operation
from unblocker.survey.project_calls import invoke, unknown_call
from unblocker.survey.replacing import replace
from unblocker.survey.values import INERT, UNKNOWN, Instance, Manager, Page, QuerySet, Value

if TYPE_CHECKING:
    import ast

    from unblocker.survey.frame import Frame
    from unblocker.survey.index import Known
    from unblocker.survey.querysets import Arguments

_RELATED = "django.db.models.manager.RelatedManager"
_CREATING = frozenset(
    {"create", "get_or_create", "update_or_create", "create_user", "create_superuser"}
)


def on_query(
    frame: Frame, node: ast.expr, receiver: QuerySet | Manager, name: str, given: Arguments
) -> Value:
    """A method of a manager or queryset: the project's own, or Django's."""
    owned = static_attribute(receiver.cls, name)
    if _is_own(frame, owned):
        return _own(frame, node, receiver, owned, given)
    base: Value = receiver
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
    if name == "get_queryset":
        return base
    return on_queryset(frame, node, base, name, given, receiver.cls)


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
    follows = isinstance(override, types.FunctionType) and frame.world.owns(override)
    if follows and not manager.prefetched:
        nothing = querysets.Arguments((), {}, open=False)
        made = invoke(frame, node, override, nothing, receiver=manager, implicit=True)
        if isinstance(made, QuerySet):
            return replace(made, tables=made.tables | manager.tables)
    return querysets.from_manager(manager, frame.identity(node))


def on_queryset(
    frame: Frame,
    node: ast.expr,
    base: QuerySet,
    name: str,
    given: Arguments,
    manager: type | None = None,
) -> Value:
    """A method of Django's own QuerySet, or of the library's `manager` class that it was asked of."""
    known = _known(frame, base.cls, name) or _asynchronous(frame, base.cls, name)
    if known is None and manager is not None:
        known = frame.world.index.method(manager, name)
    if known is None or isinstance(known.item, Harmless):
        if name in ("__len__", "__iter__"):
            return elements(frame, node, base)
        return unknown_call(frame, node)
    entry, identity = known.item, frame.identity(node)
    if name == "get":
        base = filtered(frame, node, base, given)
    look_up(frame, node, given)
    if entry.lazy:
        return querysets.build(base, name, given, identity)
    if name in ("count", "exists") and (base.evaluated or frame.is_fetched(base.identity)):
        frame.opaque()
        return INERT
    if not is_kept(frame, known, entry.once, given):
        frame.operate(node, _terminal(frame, node, known, entry, base, name, given))
    returned = querysets.result(base, entry.returns, identity, name)
    if name in _CREATING and isinstance(returned, Instance):
        return replace(returned, loaded=returned.loaded | _given(given))
    return returned


def filtered(frame: Frame, node: ast.expr, base: QuerySet, given: Arguments) -> QuerySet:
    """What `get()` fetches its row from: Django calls `filter()`, which the project's queryset may override."""
    override = static_attribute(base.cls, "filter")
    if not _is_own(frame, override):
        return base
    made = invoke(frame, node, override, given, receiver=base, implicit=True)
    return made if isinstance(made, QuerySet) else base


def _asynchronous(frame: Frame, cls: type, name: str) -> Known | None:
    """What is known of `get` where `aget` is asked for, of those a-forms that there are."""
    return _known(frame, cls, name.removeprefix("a")) if hasattr(cls, name) else None


def _given(given: Arguments) -> frozenset[str]:
    """The relations that a new instance is given objects for."""
    return frozenset(key for key, value in given.keywords.items() if isinstance(value, Instance))


def _known(frame: Frame, cls: type, name: str) -> Known | None:
    index = frame.world.index
    return index.method(cls, name) or index.method(DjangoQuerySet, name)


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
) -> Operation:
    reads = base.tables | querysets.lookup_tables(base.model, name, given)
    writes: frozenset[Location] = frozenset()
    if entry.writes:
        writes = facts.own_tables(base.model)
        if name in _CREATING:
            files = saving.given_files(base.model, given.keywords)
            made = Instance(base.model, frame.identity(node), _given(given), files=files)
            reads, writes = saving.saved(frame, node, made, reads, writes)
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
    label = f"{receiver.model.__name__}.{entry.name}"
    through = frozenset({Location("table", receiver.through)})
    owner = facts.other_side(receiver.through, receiver.model)
    reads, writes = saving.related(frame, node, owner, through, receiver.tables)
    frame.operate(node, operation(known.name, entry.kind, label, reads=reads, writes=writes))
    return INERT


def on_page(frame: Frame, node: ast.expr, receiver: Page, name: str, given: Arguments) -> Value:
    """A method of a paginator or of one of its pages."""
    del given
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
    return Page(rows, paginator=False, whole=receiver.items)
