"""Expressions that may be evaluated ahead of a branch that stands before them, because nothing can come of it."""

from functools import cache

import libcst as cst

from unblocker.catalog import find_entry
from unblocker.rewrite.references import References

EXPRESSION_CLASSES = frozenset(
    {
        "Q",
        "F",
        "Value",
        "Count",
        "Sum",
        "Avg",
        "Min",
        "Max",
        "Exists",
        "OuterRef",
        "Subquery",
        "Prefetch",
    }
)


def is_quiet(expression: cst.BaseExpression, references: References) -> bool:
    """Whether evaluating `expression` neither does anything that can be noticed nor is known to raise.

    Names, attributes, constants, f-strings, arithmetic, displays of those, Django's query expressions, and querysets
    that are built but not evaluated. An attribute may still query; the plan names such a step's operations and keeps
    it apart.
    """
    if isinstance(expression, cst.Name | cst.SimpleString | cst.BaseNumber):
        return True
    if isinstance(expression, cst.Call):
        builds = _is_query_expression(expression, references) or _builds_queryset(expression)
        return builds and is_quiet_call(expression, references)
    parts = _parts(expression)
    return parts is not None and all(is_quiet(part, references) for part in parts)


def _parts(expression: cst.BaseExpression) -> list[cst.BaseExpression] | None:
    """What has to be quiet for the expression to be; None where that would not be enough."""
    match expression:
        case cst.Attribute():
            return [expression.value]
        case cst.Subscript():
            slices = [element.slice for element in expression.slice]
            return [expression.value] if all(map(_is_plain_slice, slices)) else None
        case cst.UnaryOperation():
            return [expression.expression]
        case cst.BooleanOperation() | cst.ConcatenatedString():
            return [expression.left, expression.right]
        case cst.BinaryOperation(operator=cst.Add() | cst.Subtract() | cst.Multiply()):
            return [expression.left, expression.right]
        case cst.FormattedString():
            holes = (p for p in expression.parts if isinstance(p, cst.FormattedStringExpression))
            return [hole.expression for hole in holes]
        case cst.Tuple() | cst.List() | cst.Set():
            return [element.value for element in expression.elements]
        case cst.Dict():
            keys = [e.key for e in expression.elements if isinstance(e, cst.DictElement)]
            return [*keys, *(element.value for element in expression.elements)]
    return None


def is_quiet_call(call: cst.Call, references: References) -> bool:
    """Whether the call's callee and arguments are quiet; the callee may be a chain of queryset methods."""
    return _is_quiet_chain(call.func, references) and has_quiet_arguments(call, references)


def _is_quiet_chain(callee: cst.BaseExpression, references: References) -> bool:
    if isinstance(callee, cst.Attribute):
        return _is_quiet_chain(callee.value, references)
    if isinstance(callee, cst.Call):
        return is_quiet_call(callee, references)
    if isinstance(callee, cst.Subscript):
        slices = [element.slice for element in callee.slice]
        return all(isinstance(part, cst.Slice) for part in slices) and _is_quiet_chain(
            callee.value, references
        )
    return isinstance(callee, cst.Name)


def _is_plain_slice(part: cst.BaseSlice) -> bool:
    """`[:5]`: whole numbers written out."""
    if not isinstance(part, cst.Slice):
        return False
    bounds = (part.lower, part.upper, part.step)
    return all(bound is None or isinstance(bound, cst.Integer) for bound in bounds)


def _builds_queryset(call: cst.Call) -> bool:
    """Whether the call is of a queryset's or manager's method that only builds a queryset."""
    return isinstance(call.func, cst.Attribute) and call.func.attr.value in _builders()


@cache
def _builders() -> frozenset[str]:
    entry = find_entry("django_orm.build")
    return frozenset(name.rpartition(".")[2] for name in entry.calls) if entry else frozenset()


def has_quiet_arguments(call: cst.Call, references: References) -> bool:
    """Whether every argument of the call is quiet."""
    return all(is_quiet(arg.value, references) for arg in call.args)


def _is_query_expression(call: cst.Call, references: References) -> bool:
    dotted = references.dotted(call.func) or ""
    module, _, name = dotted.rpartition(".")
    return module.startswith("django.db.models") and name in EXPRESSION_CLASSES
