"""Calls whose outcome a guard has settled, and who may know of them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FunctionType


@dataclass(frozen=True, slots=True)
class Path:
    """An attribute of a local, and of that: `ticket.queue`; of a local itself `names` is empty."""

    root: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """A method's call, on these paths, that is true or false: the outcome is the same when it is made again."""

    method: str
    paths: tuple[Path, ...]
    outcome: bool


def handed_on(
    settled: frozenset[Settled], function: FunctionType, given: Mapping[str, ast.expr | None]
) -> frozenset[Settled]:
    """What a function that is given these expressions can know of its parameters, where it asks for it."""
    if not settled:
        return settled
    names = {node.id: name for name, node in given.items() if isinstance(node, ast.Name)}
    asked = function.__code__.co_names
    return frozenset(
        replace(one, paths=tuple(replace(path, root=names[path.root]) for path in one.paths))
        for one in settled
        if one.method in asked and all(path.root in names for path in one.paths)
    )


def without(settled: frozenset[Settled], name: str) -> frozenset[Settled]:
    """What is still settled where a local has got another value."""
    return frozenset(one for one in settled if all(path.root != name for path in one.paths))
