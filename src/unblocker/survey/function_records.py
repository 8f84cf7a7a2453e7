"""From what was read of a function to its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unblocker.records.survey import Function, Reference
from unblocker.survey.merging import merge_steps
from unblocker.survey.names import parameters
from unblocker.survey.obstacles import obstacles
from unblocker.survey.source_decorators import source_decorators

if TYPE_CHECKING:
    from unblocker.survey.world import Summary, World


def function_record(
    world: World, group: list[Summary], references: tuple[Reference, ...]
) -> Function:
    """The record of a function from its summaries, one for each kind of receiver."""
    code = group[0].code
    return Function(
        id=code.id,
        name=code.node.name,
        place=code.source.place(code.node),
        parameters=parameters(code.node.args),
        steps=() if code.id in world.unread else merge_steps([summary.steps for summary in group]),
        is_async=code.is_async,
        is_method=code.owner is not None,
        decorators=source_decorators(world, code),
        reads=tuple(
            sorted(
                {
                    place
                    for summary in group
                    for place in summary.outcome.reads | summary.outcome.shared
                }
            )
        ),
        writes=tuple(
            sorted(
                {
                    place
                    for summary in group
                    for place in summary.outcome.writes | summary.outcome.effects
                }
            )
        ),
        raises=tuple(sorted({name for summary in group for name in summary.outcome.raises})),
        references=references,
        obstacles=tuple(
            obstacles(code, [node for summary in group for node in summary.outcome.nested_io])
        ),
    )
