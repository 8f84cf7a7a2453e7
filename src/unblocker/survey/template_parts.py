"""What stands in templates, looked up once: the same bases and menus are rendered for most views."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.template.base import FilterExpression, Node, NodeList, Variable, VariableNode
from django.template.loader_tags import BlockNode, ExtendsNode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.template.base import Template

type Expression = FilterExpression | Variable


@dataclass(slots=True)
class TemplateParts:
    """The parts of templates and of their nodes, as far as they were asked for."""

    _blocks: dict[Template | ExtendsNode, tuple[BlockNode, ...]] = field(default_factory=dict)
    _expressions: dict[Node, tuple[Expression, ...]] = field(default_factory=dict)
    _super: dict[BlockNode, bool] = field(default_factory=dict)

    def blocks(self, holder: Template | ExtendsNode) -> tuple[BlockNode, ...]:
        """The blocks that stand in it."""
        if holder not in self._blocks:
            self._blocks[holder] = tuple(_of_type(holder.nodelist, BlockNode))
        return self._blocks[holder]

    def asks_for_super(self, block: BlockNode) -> bool:
        """Whether it shows `block.super`."""
        if block not in self._super:
            shown = _of_type(block.nodelist, VariableNode)
            self._super[block] = any(
                str(one.filter_expression).startswith("block.super") for one in shown
            )
        return self._super[block]

    def expressions(self, node: Node) -> tuple[Expression, ...]:
        """The expressions that the tag was given."""
        if node not in self._expressions:
            given = (item for value in vars(node).values() for item in _flat(value))
            self._expressions[node] = tuple(
                item for item in given if isinstance(item, FilterExpression | Variable)
            )
        return self._expressions[node]


def _of_type[N: Node](nodes: NodeList, cls: type[N]) -> list[N]:
    return [node for node in nodes.get_nodes_by_type(cls) if isinstance(node, cls)]


def _flat(value: Any) -> Iterable[Any]:
    if isinstance(value, NodeList | str):
        return ()
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list | tuple) else (value,)
