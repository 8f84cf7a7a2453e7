"""The survey's facts by name: functions by id, templates by name, catalog entries by entry, and what kinds block."""

from dataclasses import dataclass, field

from unblocker import catalog
from unblocker.catalog.base import Entry
from unblocker.records.survey import Function, Operation, OperationKind, Step, Survey, Template

BLOCKING: frozenset[OperationKind] = frozenset(
    {"http", "mail", "storage", "subprocess", "sleep", "cpu"}
)
"""Kinds that hold the event loop's thread even inside the bridge; only the ORM's driver calls are carried by it."""

PROJECT_CALL = "project.call"
UNKNOWN_CALL = "unknown.call"
RENDERED_LATER = "django_shortcuts.template_response"
"""It is rendered when the view and its middleware are done: what its template asks is asked then."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Look-ups over one survey; `handlers` are methods that answer requests, with the ids of the views of each."""

    survey: Survey
    functions: dict[str, Function] = field(init=False)
    templates: dict[str, Template] = field(init=False)
    handlers: dict[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "functions", {one.id: one for one in self.survey.functions})
        object.__setattr__(self, "templates", {one.name: one for one in self.survey.templates})
        object.__setattr__(self, "handlers", handlers_of(self.survey))

    def callee(self, operation: Operation) -> Function | None:
        """The project function that the operation calls, if it is such a call."""
        return self.functions.get(operation.callee) if operation.callee else None

    def is_of_view(self, function: Function) -> bool:
        """Whether it is a method of a class that answers requests."""
        owner = function.id.rpartition(".")[0]
        return any(one.rpartition(".")[0] == owner for one in self.handlers)

    def entry(self, operation: Operation) -> Entry | None:
        """The operation's catalog entry; None for project calls and what is unknown."""
        return catalog.find_entry(operation.entry)


def handlers_of(survey: Survey) -> dict[str, tuple[str, ...]]:
    """The methods that answer requests of class-based views, and the views of each."""
    found: dict[str, tuple[str, ...]] = {}
    for view in survey.views:
        for handler in view.handlers:
            found[handler] = (*found.get(handler, ()), view.id)
    return found


def walk(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps and everything nested in them, in program order."""
    found: list[Step] = []
    for step in steps:
        found.append(step)
        for block in step.blocks:
            found.extend(walk(block.steps))
    return tuple(found)


def operations(steps: tuple[Step, ...]) -> tuple[Operation, ...]:
    """All operations of the steps and of everything nested in them, in program order."""
    return tuple(operation for step in walk(steps) for operation in step.operations)


def may_block(operation: Operation) -> bool:
    """Whether it may hold the thread in a way that the bridge can't carry."""
    return operation.kind in BLOCKING or operation.entry == UNKNOWN_CALL
