"""Reading a class-based view as Django runs it: `setup()`, `dispatch()` and what they lead to, through the real MRO."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.generic import View as DjangoView

from unblocker.records.survey import Block, Function, Problem, Step
from unblocker.survey.frame import Frame
from unblocker.survey.library_steps import Relocation, flattened, told_by
from unblocker.survey.looking import look
from unblocker.survey.methods import call_method
from unblocker.survey.querysets import Arguments
from unblocker.survey.values import INERT, Method, Object, Request, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from unblocker.records.survey import Decorator, Location
    from unblocker.survey.class_views import ClassView
    from unblocker.survey.seen import Outcome
    from unblocker.survey.trace import Trace
    from unblocker.survey.world import World

_SELF = "self"
_SEEN_TO = frozenset({"django_auth.request_user", "django_sessions.load"})


def answer(world: World, view: ClassView, role: Role) -> tuple[tuple[Step, ...], Outcome]:
    """What the view does to answer this request; what it leads to is read on the way."""
    frame = Frame(world, view.statement.source, {}, frozenset({_SELF}), (_SELF,), is_library=True)
    receiver = Object(view.cls, _SELF, role)
    request = Request(f"{_SELF}.request")
    given = Arguments((request,), {}, open=True, rest=INERT)
    node = view.statement.node
    names = ["dispatch"] if look(view.cls, "setup") is DjangoView.setup else ["setup", "dispatch"]
    for name in names:
        call_method(frame, node, Method(receiver, name), given)
    place = view.statement.place
    operations = tuple(frame.record.operations.values())
    whole = Step("", place, "expression", "", operations=operations)
    return told_by((whole,), frame.inlined, view.cls.__name__), frame.outcome


def class_function(
    world: World, view: ClassView, decorators: tuple[Decorator, ...]
) -> tuple[Function, list[Trace]]:
    """The record of all that the view does, at its statement: a branch for each request, if it answers several."""
    place, outcomes = view.statement.place, []
    relocation = Relocation(place)
    header = relocation.identity("step")
    branches = []
    for role in view.roles:
        steps, outcome = answer(world, view, role)
        outcomes.append(outcome)
        if steps:
            branches.append(Block("case", relocation.steps(steps, _title(role))))
    several = Step(header, place, "match", _line(view), blocks=tuple(branches))
    function = Function(
        id=view.identity,
        name=view.cls.__qualname__,
        place=place,
        parameters=("request",),
        steps=branches[0].steps if len(branches) == 1 else (several,) if branches else (),
        decorators=decorators,
        reads=_sorted(one.reads | one.shared for one in outcomes),
        writes=_sorted(one.writes | one.effects for one in outcomes),
        raises=tuple(sorted({name for outcome in outcomes for name in outcome.raises})),
        obstacles=(_obstacle(world, view),),
    )
    return function, [one.trace for one in outcomes]


def _sorted(found: Iterable[set[Location]]) -> tuple[Location, ...]:
    return tuple(sorted(set().union(*found)))


def _title(role: Role) -> str:
    return role.handler.upper() if role.handler in DjangoView.http_method_names else role.handler


def _line(view: ClassView) -> str:
    return view.statement.source.lines[view.statement.place.line - 1].strip()


def _obstacle(world: World, view: ClassView) -> Problem:
    name, place = view.cls.__name__, view.statement.place
    handlers = [look(view.cls, role.handler) for role in view.roles]
    if all(world.owns(handler) for handler in handlers):
        text = f"what {name} does is more than one method of its own"
        return Problem("U431", text, place)
    return Problem(
        "U430", f"{name} is carried out by methods that it inherits from a library", place
    )


def own_handler(world: World, view: ClassView, function: Function) -> str | None:
    """The `Function.id` of the project's handler that is all there is to the view, besides finding out who asks."""
    codes = [
        world.code(handler)
        for role in view.roles
        if world.owns(handler := look(view.cls, role.handler))
    ]
    if len(codes) != 1 or codes[0] is None or len(view.roles) != 1:
        return None
    told = [one.callee for one in flattened(function.steps) if one.entry not in _SEEN_TO]
    return codes[0].id if told in ([], [codes[0].id]) else None
