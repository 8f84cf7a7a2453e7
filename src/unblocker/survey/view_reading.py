"""Reading a view, and telling it: from what the URLconf reaches to all that a request to it may do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from unblocker.survey.before_views import read_decorators
from unblocker.survey.class_reading import answer, class_function, own_handler
from unblocker.survey.trace import reached, reached_from
from unblocker.survey.values import INERT, Object, Request, Value
from unblocker.survey.world import unread

if TYPE_CHECKING:
    from unblocker.records.survey import Effect, Function, Problem, View
    from unblocker.survey.urls import Found
    from unblocker.survey.world import Code, Summary, World

_USER_DECORATORS = (
    "django.contrib.auth.decorators.login_required",
    "django.contrib.auth.decorators.permission_required",
    "django.contrib.auth.decorators.user_passes_test",
    "django.contrib.admin.views.decorators.staff_member_required",
    "rest_framework.decorators.api_view",
)


@dataclass(frozen=True, slots=True)
class Told:
    """A view's record, what it does in all, and its function, where that is put together from inherited methods."""

    view: View
    effects: tuple[Effect, ...]
    function: Function | None = None


def read_view(world: World, found: Found) -> None:
    """Read what answers the view's requests, and all that this leads to; one that fails does not stop the others."""
    try:
        _read(world, found)
    except Exception as error:  # noqa: BLE001  # it is told as a problem of this view
        found.view = _unreadable(found.view, unread(found.view.id, error, found.view.place))
        found.codes, found.answers = [], None


def _unreadable(view: View, problem: Problem) -> View:
    return replace(view, kind="unreadable", problems=(*view.problems, problem))


def _read(world: World, found: Found) -> None:
    if found.answers is not None:
        for role in found.answers.roles:
            answer(world, found.answers, role)
    read_decorators(world, found.callback)
    for code in found.codes:
        if found.answers is None or not world.has_met(code):
            found.summaries.append(_read_handler(world, found, code))


def tell_view(world: World, found: Found) -> Told:
    """The view, when everything has been read; unreadable where one of its own functions could not be."""
    try:
        told = _tell(world, found)
    except Exception as error:  # noqa: BLE001  # it is told as a problem of this view
        problem = unread(found.view.id, error, found.view.place)
        return Told(_unreadable(found.view, problem), ())
    failed = [world.unread[code.id] for code in found.codes if code.id in world.unread]
    return replace(told, view=_unreadable(told.view, failed[0])) if failed else told


def _tell(world: World, found: Found) -> Told:
    view, answers = found.view, found.answers
    if answers is None:
        return Told(view, reached(found.summaries))
    function, traces = class_function(world, answers, view.decorators)
    effects = reached_from(traces, answers.statement.place)
    handler = next((code.id for code in found.codes if code.is_async), None)
    handler = handler or own_handler(world, answers, function)
    if handler is not None:
        return Told(replace(view, function=handler), effects)
    return Told(replace(view, function=function.id), effects, function)


def _read_handler(world: World, found: Found, code: Code) -> Summary:
    cls, view = found.cls, found.view
    receiver = Object(cls) if cls is not None else None
    if cls is not None:
        _set_up_class(world, cls)
    summary = world.summary(code, receiver)
    checked = any(decorator.name in _USER_DECORATORS for decorator in view.decorators)
    arguments = _parameters(code, receiver, checked=checked)
    world.enter(
        summary, arguments | {name: found.bound[name] for name in arguments if name in found.bound}
    )
    return summary


def _set_up_class(world: World, cls: type) -> None:
    """What `View.setup` puts on the instance."""
    world.assign_attribute(cls, "request", Request("request"))
    world.assign_attribute(cls, "kwargs", INERT)
    world.assign_attribute(cls, "args", INERT)


def _parameters(code: Code, receiver: Value | None, *, checked: bool) -> dict[str, Value]:
    """What Django calls a view with: the request and what the URL captured."""
    names = [argument.arg for argument in (*code.node.args.posonlyargs, *code.node.args.args)]
    values: dict[str, Value] = {argument.arg: INERT for argument in code.node.args.kwonlyargs}
    if receiver is not None and names:
        values[names.pop(0)] = receiver
    if names:
        there = frozenset({"user", "session"}) if checked else frozenset[str]()
        request = names.pop(0)
        values[request] = Request(request, there)
    values.update(dict.fromkeys(names, INERT))
    for extra in (code.node.args.vararg, code.node.args.kwarg):
        if extra is not None:
            values[extra.arg] = INERT
    return values
