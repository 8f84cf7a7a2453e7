"""Calls of functions that the catalog knows."""

from __future__ import annotations

import ast
import importlib
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from unblocker.catalog.base import Entry, Harmless
from unblocker.records.survey import Location
from unblocker.survey import querysets
from unblocker.survey.backends import ask_for_user
from unblocker.survey.callbacks import evaluate_given, run_callback
from unblocker.survey.choosing import each
from unblocker.survey.effects import present, row
from unblocker.survey.joining import choices_of
from unblocker.survey.looking import look, static_attribute
from unblocker.survey.models import own_tables
from unblocker.survey.operations import operation
from unblocker.survey.project_calls import invoke_method
from unblocker.survey.query_calls import filtered
from unblocker.survey.rendering import render
from unblocker.survey.values import (
    INERT,
    UNKNOWN,
    Deferred,
    Inert,
    Instance,
    Items,
    Live,
    Mapping,
    Object,
    QuerySet,
    Template,
    Value,
)

if TYPE_CHECKING:
    from unblocker.survey.frame import Frame
    from unblocker.survey.index import Known
    from unblocker.survey.querysets import Arguments

_OVER_ROWS = frozenset(
    {"django_orm.list", "django_orm.length", "django_orm.truth_of", "django_orm.consume"}
)
_ONE = frozenset({"min", "max"})
_TEMPLATES = {
    "django.template.backends.django.Template": "name",
    "django.template.base.Template": "text",
}
_REDIRECT = "django.shortcuts.redirect"
_ANYWHERE = {
    "object": Location("object"),
    "mail": Location("mail"),
    "cache": Location("cache"),
    "messages": Location("messages"),
    "files": Location("files"),
    **dict.fromkeys(("model", "through", "related", "cascade", "form"), Location("table")),
}


def function_call(frame: Frame, node: ast.expr, target: object, given: Arguments) -> Value | None:
    """What a function of the catalog returns; None where the catalog does not know it."""
    known = frame.world.index.function(target)
    if known is None:
        return None
    if known.name in _OVER_ROWS:
        return _over_rows(frame, node, known, target, given)
    if isinstance(known.item, Harmless):
        return _template(frame, node, known.item, given) or harmless(frame, node, known.item, given)
    if known.item.kind == "template":
        return render(frame, node, known, given)
    if known.name.startswith("django_shortcuts."):
        entry, rest = known.item, replace(given, positional=given.positional[1:])
        first = choices_of(given.positional[0]) if given.positional else (UNKNOWN,)
        return each(frame, first, lambda one: _lookup(frame, node, known, entry, one, rest))
    if known.name == "django_transactions.atomic":
        outside(frame, node, known, known.item, given)
        return Object(type(None), "atomic")
    return outside(frame, node, known, known.item, given)


def _template(frame: Frame, node: ast.expr, item: Harmless, given: Arguments) -> Value | None:
    """A template that was found by its name, or made of a text; None of any other call."""
    how = _TEMPLATES.get(item.returns)
    if how is None or not given.positional:
        return None
    evaluate_given(frame, node, given)
    return Template(find_class(item.returns) or object, given.positional[0], how == "name")


def _over_rows(
    frame: Frame, node: ast.expr, known: Known, target: object, given: Arguments
) -> Value | None:
    """`list(queryset)` and the like; None where the argument is no queryset."""
    choices = choices_of(given.positional[0]) if len(given.positional) == 1 else ()
    if not choices or not all(isinstance(one, QuerySet) for one in choices):
        return None
    named = given.keywords
    return each(frame, choices, lambda one: _over(frame, node, known, target, one, named))


def _over(
    frame: Frame, node: ast.expr, known: Known, target: object, rows: Value, named: dict[str, Value]
) -> Value:
    if not isinstance(rows, QuerySet):
        return UNKNOWN
    frame.opaque()
    if not rows.evaluated and frame.fetch(rows.identity):
        name = look(target, "__name__", "")
        label = f"{name}({rows.model.__name__})"
        frame.operate(node, operation(known.name, "query", label, reads=rows.tables))
    element = row(rows, frame.identity(node))
    for value in named.values():
        if isinstance(value, Deferred | Live):
            run_callback(frame, node, value, querysets.Arguments((Items(element),), {}, open=False))
    if known.name == "django_orm.list":
        return Items(element, length=rows.limit)
    return element if look(target, "__name__", "") in _ONE else INERT


def harmless(frame: Frame, node: ast.expr, item: Harmless, given: Arguments) -> Value:
    """A call that is known to do no I/O."""
    frame.opaque()
    for effect in item.effects:
        frame.touch(Location("session" if effect == "session" else "messages"))
    evaluate_given(frame, node, given)
    if _REDIRECT in item.calls:
        _follow_urls(frame, node, given)
    return _class_value(frame, node, item.returns)


def _follow_urls(frame: Frame, node: ast.expr, given: Arguments) -> None:
    """`redirect(instance)` asks its `get_absolute_url()`."""
    for value in given.positional:
        if isinstance(value, Instance):
            method = static_attribute(value.model, "get_absolute_url")
            if frame.world.owns(method):
                nothing = querysets.Arguments((), {}, open=False)
                invoke_method(frame, node, method, nothing, value, implicit=True)


def _lookup(
    frame: Frame, node: ast.expr, known: Known, entry: Entry, klass: Value, given: Arguments
) -> Value:
    """`get_object_or_404(klass, …)`; `given` is what comes behind the class."""
    identity = frame.identity(node)
    base = querysets.target(klass, identity)
    for value in given.values():
        if isinstance(value, Instance):
            present(frame, node, value)
    if base is None:
        tables, label = frozenset({Location("table")}), entry.name
        returned: Value = UNKNOWN
    else:
        base = filtered(frame, node, base, given)
        tables = base.tables | querysets.lookup_tables(base.model, "get", given)
        label = f"{entry.name} {base.model.__name__}"
        returned = querysets.result(base, entry.returns, identity, entry.name)
    frame.operate(
        node,
        operation(
            known.name, entry.kind, label, reads=tables, raises=entry.raises, guard=entry.guard
        ),
    )
    return returned


def outside(
    frame: Frame, node: ast.expr, known: Known, entry: Entry, given: Arguments, owner: str = ""
) -> Value:
    """A call that touches something outside the database's tables."""
    evaluate_given(frame, node, given)
    if known.name == "django_auth.authenticate" and not owner:
        ask_for_user(frame, node, given)
    host = _host(entry, given)
    frame.operate(
        node,
        operation(
            known.name,
            entry.kind,
            _label(frame, node, entry, host),
            reads=[place for word in entry.reads for place in _places(frame, word, host, owner)],
            writes=[place for word in entry.writes for place in _places(frame, word, host, owner)],
            raises=entry.raises,
            guard=entry.guard,
        ),
    )
    if known.name.startswith("django_auth.") and entry.name in ("login", "logout"):
        frame.env.fetched = frozenset(
            fact for fact in frame.env.fetched if not fact.endswith(".user")
        )
    return _class_value(frame, node, entry.returns)


def _places(frame: Frame, word: str, host: str, owner: str) -> tuple[Location, ...]:
    """The locations behind a symbolic one of the catalog's."""
    facts = frame.world.facts
    match word:
        case "host":
            return (Location("host", host),)
        case "service":
            return (Location("host", owner or "aws"),)
        case "user":
            return facts.user_reads
        case "users":
            return tuple(own_tables(facts.user_model))
        case "site":
            return facts.site_reads
        case "session":
            return facts.session_reads
        case "permissions":
            return facts.permission_reads
        case _:
            return (_ANYWHERE.get(word, Location("unknown")),)


def _host(entry: Entry, given: Arguments) -> str:
    """The host and port that an outbound call surely goes to; `*` where it is not known."""
    if entry.kind != "http":
        return "*"
    position = 1 if entry.name == "request" else 0
    url = given.get(position, "url")
    if not isinstance(url, Inert):
        return "*"
    parts = urlsplit(url.prefix)
    ended = url.known or bool(parts.path or parts.query)
    return parts.netloc if parts.netloc and ended else "*"


def _label(frame: Frame, node: ast.expr, entry: Entry, host: str) -> str:
    name = entry.name
    if isinstance(node, ast.Call):
        function = node.func
        name = (
            function.attr if isinstance(function, ast.Attribute) else frame.source.segment(function)
        )
    if entry.kind == "http":
        return f"{name.upper()} {host}" if host != "*" else f"{name.upper()} {_first(frame, node)}"
    return name


def _first(frame: Frame, node: ast.expr) -> str:
    return frame.source.segment(node.args[0]) if isinstance(node, ast.Call) and node.args else ""


def _class_value(frame: Frame, node: ast.expr, returns: str) -> Value:
    match returns:
        case "data":
            return INERT
        case "user-model":
            return Live(frame.world.facts.user_model)
        case "user":
            return Instance(frame.world.facts.user_model, frame.identity(node), nullable=True)
        case "mapping":
            return Mapping((), UNKNOWN)
    cls = find_class(returns)
    frame.world.index.refresh()  # it may have been imported only now
    return Object(cls, frame.identity(node)) if cls is not None else UNKNOWN


def find_class(dotted: str) -> type | None:
    """The class of this name, of an installed library that the project uses."""
    module, _, name = dotted.rpartition(".")
    if not module:
        return None
    try:
        found = getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None
    return found if isinstance(found, type) else None
