"""Using a value the way Python would: its truth, its elements, its text; each may run a query."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from unblocker.survey.choosing import each, is_choice, possible
from unblocker.survey.frame import EXPECTED_ROWS
from unblocker.survey.identities import fresh
from unblocker.survey.operations import UNKNOWN_LOCATION, operation
from unblocker.survey.values import (
    INERT,
    UNKNOWN,
    Instance,
    Items,
    Live,
    Manager,
    Object,
    Page,
    QuerySet,
    Unknown,
    Value,
    element_of,
)

if TYPE_CHECKING:
    import ast

    from unblocker.survey.frame import Frame


def read_rows(frame: Frame, node: ast.expr, value: QuerySet, entry: str, verb: str) -> bool:
    """Fetch a queryset's rows here, unless they are there already; whether a query was sent."""
    if value.evaluated or not frame.fetch(value.identity):
        frame.opaque()
        return False
    frame.fetchers[value.identity] = frame.operate(
        node,
        operation(
            f"django_orm.{entry}",
            "query",
            f"{verb} {value.model.__name__}",
            reads=value.tables,
            implicit=True,
        ),
    )
    return True


def present(frame: Frame, node: ast.expr, value: Instance) -> Instance:
    """The instance, its deferred self read: `request.user` queries when it is first looked at."""
    if not value.deferred:
        return value
    if frame.fetch(value.identity):
        reads = frame.world.facts.user_reads
        found = operation(
            "django_auth.request_user", "query", "request.user", reads=reads, implicit=True
        )
        with frame.once():
            frame.operate(node, found)
        if value.identity.endswith(".user"):
            frame.fetch(value.identity.removesuffix("user") + "session")
    return replace(value, deferred=False)


def truth(frame: Frame, node: ast.expr, value: Value) -> None:
    """`if value`, `not value`, `value and …`."""
    from unblocker.survey import protocols

    match value:
        case QuerySet():
            read_rows(frame, node, value, "truth", "any")
        case Instance():
            present(frame, node, value)
        case Page(items=QuerySet() as rows):
            read_rows(frame, node, rows, "truth", "any")
        case Object(cls=cls) if frame.world.owns(cls):
            protocols.truth(frame, node, value)
        case Unknown():
            frame.touch(UNKNOWN_LOCATION)
        case _ if is_choice(value):
            each(frame, possible(value), lambda one: _tested(frame, node, one))


def _tested(frame: Frame, node: ast.expr, value: Value) -> Value:
    truth(frame, node, value)
    return value


def elements(frame: Frame, node: ast.expr, value: Value) -> Value:
    """Loop over `value`: what the loop variable holds."""
    from unblocker.survey import protocols

    match value:
        case QuerySet():
            read_rows(frame, node, value, "iterate", "iterate")
            return row(value, frame.identity(node))
        case Page(items=QuerySet() as rows):
            read_rows(frame, node, rows, "iterate", "iterate")
            return row(rows, frame.identity(node))
        case _ if is_choice(value):
            return each(frame, possible(value), lambda one: elements(frame, node, one))
        case Page():
            frame.opaque()
            return element_of(value.items)
        case Object(cls=cls) if frame.world.owns(cls):
            return protocols.iterate(frame, node, value)
        case Manager() | Unknown():
            frame.touch(UNKNOWN_LOCATION)
            return UNKNOWN
        case Live(target=type()):
            frame.opaque()
            return INERT
        case _:
            frame.opaque()
            return fresh(element_of(value), frame.identity(node))


def row(value: QuerySet, identity: str) -> Value:
    """One row of a queryset."""
    if value.shape == "rows":
        return INERT
    return Instance(value.model, identity, value.loaded, columns=value.columns, stored=True)


def expected_rows(value: Value) -> int:
    """How many rows are expected where the code does not say."""
    match value:
        case QuerySet(limit=int(limit)):
            return min(limit, EXPECTED_ROWS)
        case Items(length=int(length)):
            return length
        case _:
            return EXPECTED_ROWS
