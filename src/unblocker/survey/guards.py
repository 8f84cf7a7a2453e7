"""What guards have settled: behind `if not user.may_see(page): raise`, `user.may_see(page)` holds until a change.

Only calls that come out the same each time count: of functions that look at attributes and permissions and decide.
"""

from __future__ import annotations

import ast
import types
from typing import TYPE_CHECKING

from unblocker.survey.live import plain_function
from unblocker.survey.looking import static_attribute
from unblocker.survey.operators import known_truth
from unblocker.survey.settled import Path, Settled
from unblocker.survey.values import Instance, Object, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.frame import Frame
    from unblocker.survey.world import World

_CACHED = frozenset({"has_perm", "has_perms", "has_module_perms"})
_DEEPEST = 3
_SAME_EACH_TIME = (
    ast.Return, ast.If, ast.Pass, ast.Assign, ast.Expr, ast.BoolOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.Name,
    ast.Attribute, ast.Constant, ast.boolop, ast.unaryop, ast.cmpop, ast.expr_context,
)  # fmt: skip


def settled_by(frame: Frame, test: ast.expr, outcome: bool) -> frozenset[Settled]:
    """The calls whose outcome is known where the test has come out so."""
    return frozenset(_settled_by(frame, test, outcome))


def _settled_by(frame: Frame, test: ast.expr, outcome: bool) -> Iterator[Settled]:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _settled_by(frame, operand, not outcome)
        case ast.BoolOp(op=op, values=values) if outcome == isinstance(op, ast.And):
            for value in values:
                yield from _settled_by(frame, value, outcome)
        case ast.Call():
            found = _call(frame, test, outcome)
            if found is not None and _is_settling(frame, test):
                yield found


def outcome(frame: Frame, test: ast.expr, value: Value) -> bool | None:
    """Whether a condition of this value holds; None where that is not known."""
    known = known_truth(value)
    if known is not None or not frame.env.settled:
        return known
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call() as operand):
            inner = _known(frame, operand)
            return None if inner is None else not inner
        case ast.Call():
            return _known(frame, test)
        case _:
            return None


def _known(frame: Frame, call: ast.Call) -> bool | None:
    wanted = (_call(frame, call, way) for way in (True, False))
    return next((one.outcome for one in wanted if one in frame.env.settled), None)


def _call(frame: Frame, node: ast.Call, outcome: bool) -> Settled | None:
    """The call as it is remembered; None where it is not one of a method on paths from locals."""
    if not isinstance(node.func, ast.Attribute) or node.keywords:
        return None
    paths = [_path(frame, part) for part in (node.func.value, *node.args)]
    known = tuple(path for path in paths if path is not None)
    return Settled(node.func.attr, known, outcome) if len(known) == len(paths) else None


def _path(frame: Frame, node: ast.expr) -> Path | None:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    is_local = isinstance(node, ast.Name) and node.id in frame.locals - frame.inner_names
    return Path(node.id, tuple(names)) if isinstance(node, ast.Name) and is_local else None


def _is_settling(frame: Frame, node: ast.Call) -> bool:
    """Whether the method comes out the same each time."""
    from unblocker.survey.expressions import evaluate

    if not isinstance(node.func, ast.Attribute):
        return False
    with frame.unseen():
        receiver = evaluate(frame, node.func.value)
    match receiver:
        case Object(cls=cls) | Instance(model=cls):
            return _comes_out_the_same(frame.world, cls, node.func.attr, 0)
        case _:
            return False


def _comes_out_the_same(world: World, cls: type, method: str, depth: int) -> bool:
    found = static_attribute(cls, method)
    if not isinstance(found, types.FunctionType) or not world.owns(found) or depth > _DEEPEST:
        return False
    function = plain_function(found)
    code = world.code(function)
    if code is None or code.is_opaque or code.is_async or not code.node.args.args:
        return False
    own = code.node.args.args[0].arg
    for node in (inner for one in code.node.body for inner in ast.walk(one)):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in _CACHED:
                continue
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)) if name == own:
                if not _comes_out_the_same(world, cls, attr, depth + 1):
                    return False
            case ast.Assign(targets=[ast.Name()]):
                continue
            case ast.Assign():
                return False
            case _ if not isinstance(node, _SAME_EACH_TIME):
                return False
    return True
