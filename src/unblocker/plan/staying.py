"""Functions that must stay synchronous: the independent reads in them are done by one `together`.

A method that Django or a library calls, a view under a decorator that would not await it, a callable object: none of
them can become `async def`. What overlaps in them is what would overlap in an `async def`, but for what holds a thread:
`together` runs on the event loop.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from unblocker.plan.body import Body, body_of
from unblocker.plan.facts import Facts, may_block, operations
from unblocker.plan.loads import groups_with_loads
from unblocker.records.plan import FunctionPlan, Group
from unblocker.records.survey import Function, Step

ATOMIC = "django.db.transaction.atomic"


@dataclass(slots=True)
class Staying:
    """Plans synchronous functions over one survey."""

    facts: Facts
    _holding: dict[str, bool] = field(default_factory=dict)

    def plans(self, function: Function) -> dict[str, FunctionPlan]:
        """The plans, by id, of the project's functions that this one reaches and in which something overlaps."""
        reached = self._reached(function)
        return {one.id: plan for one in reached if (plan := self.plan(one)) is not None}

    def plan(self, function: Function) -> FunctionPlan | None:
        """How the function changes; None where nothing in it overlaps, or it can't be rewritten."""
        if function.is_async or function.obstacles:
            return None
        if any(one.name == ATOMIC for one in function.decorators):
            return None
        groups = tuple(self._groups(function.steps, body_of(function.steps)))
        if not groups:
            return None
        return FunctionPlan(
            function=function.id,
            file=function.place.file,
            place=function.place,
            name=function.name,
            is_async=False,
            groups=groups,
        )

    def _groups(self, block: tuple[Step, ...], body: Body) -> Iterator[Group]:
        """Those of the block and of the blocks inside it; none in a transaction, where everything is serial."""
        apart = tuple(replace(one, kind="other") if self._holds(one) else one for one in block)
        yield from groups_with_loads(apart, body)
        for step in block:
            for inner in () if step.atomic else step.blocks:
                yield from self._groups(inner.steps, body)

    def _holds(self, step: Step) -> bool:
        """Whether the step may hold its thread, itself or through what it calls."""
        callees = (self.facts.callee(one) for one in step.operations)
        return any(map(may_block, step.operations)) or any(
            self._function_holds(one) for one in callees if one is not None
        )

    def _function_holds(self, function: Function) -> bool:
        if function.id not in self._holding:
            self._holding[function.id] = any(
                may_block(operation)
                for one in self._reached(function)
                for operation in operations(one.steps)
            )
        return self._holding[function.id]

    def _reached(self, function: Function) -> tuple[Function, ...]:
        """The function and every one of the project that it leads to, itself first."""
        found: dict[str, Function] = {}
        waiting = [function]
        while waiting:
            one = waiting.pop()
            if one.id not in found:
                found[one.id] = one
                callees = (self.facts.callee(operation) for operation in operations(one.steps))
                waiting.extend(callee for callee in callees if callee is not None)
        return tuple(found.values())
