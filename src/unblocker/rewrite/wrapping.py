"""Lines that the conversion made too long, broken at their last brackets as Black and ruff break them."""

from collections.abc import Sequence

import libcst as cst

from unblocker.rewrite.layout import Layout, code_of


def wrapped[T: cst.BaseStatement](line: T, layout: Layout) -> T:
    """The simple statement with its first line that does not fit broken inside a call; else as it is.

    In a statement of several lines only an awaited call is broken: the rest is as it was.
    """
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return line
    lines = code_of(line.with_changes(leading_lines=())).splitlines()
    long = next((text for text in lines if len(text) > layout.room), None)
    if long is None or "#" in long:
        return line
    value = getattr(line.body[0], "value", None)
    call = _last_call(value) if len(lines) == 1 else _awaited_call(line, long)
    if call is None:
        return line
    indent = long[: len(long) - len(long.lstrip())]
    return line.with_deep_changes(call, **broken_arguments(call, layout, indent))


def _last_call(value: cst.CSTNode | None) -> cst.Call | None:
    """The last call with arguments along `value`: of `(await f(x)).g()` that of `f`; of two operands the longer."""
    match value:
        case cst.Call():
            return value if value.args else _last_call(value.func)
        case cst.Await():
            return _last_call(value.expression)
        case cst.Attribute() | cst.Subscript():
            return _last_call(value.value)
        case cst.BooleanOperation() | cst.BinaryOperation():
            calls = [_last_call(value.left), _last_call(value.right)]
            return max(calls, key=_length, default=None)
    return None


def _length(call: cst.Call | None) -> int:
    return len(code_of(call)) if call else 0


def _awaited_call(node: cst.CSTNode, line: str) -> cst.Call | None:
    """The first awaited call with arguments that stands wholly on `line`."""
    call = node.expression if isinstance(node, cst.Await) else None
    if isinstance(call, cst.Call) and call.args and code_of(call) in line:
        return call
    found = (_awaited_call(child, line) for child in node.children)
    return next((call for call in found if call), None)


def broken_arguments(call: cst.Call, layout: Layout, indent: str = "") -> dict[str, object]:
    """The arguments together on a line of their own where they fit, else each on one."""
    together = ", ".join(_arg_code(arg) for arg in call.args)
    inner = indent + layout.step
    if len(inner.expandtabs()) + len(together) <= layout.room:
        *others, last = call.args
        end = last.with_changes(
            comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=_break(indent)
        )
        return {"whitespace_before_args": _break(inner), "args": [*others, end]}
    return {
        "whitespace_before_args": _break(inner),
        "args": [
            arg.with_changes(value=_broken_display(arg, layout, inner), comma=comma)
            for arg, comma in zip(call.args, _commas(len(call.args), inner, indent), strict=True)
        ],
    }


def _broken_display(arg: cst.Arg, layout: Layout, outer: str) -> cst.BaseExpression:
    """The argument's value, a list, set or dict with an element a line where the argument would not fit."""
    value = arg.value
    if not isinstance(value, cst.Dict | cst.List | cst.Set) or not value.elements:
        return value
    if len(outer.expandtabs()) + len(_arg_code(arg)) < layout.room:
        return value
    inner = outer + layout.step
    commas = _commas(len(value.elements), inner, outer)
    elements = [
        element.with_changes(comma=comma)
        for element, comma in zip(value.elements, commas, strict=True)
    ]
    bracket = "lbracket" if isinstance(value, cst.List) else "lbrace"
    opened = getattr(value, bracket).with_changes(whitespace_after=_break(inner))
    return value.with_changes(elements=elements, **{bracket: opened})


def _commas(count: int, inner: str, outer: str) -> Sequence[cst.Comma]:
    """A comma and a line break behind each of `count` elements, the last break before the closing bracket."""
    breaks = [_break(inner)] * (count - 1) + [_break(outer)]
    return [cst.Comma(whitespace_after=line_break) for line_break in breaks]


def _break(indent: str) -> cst.ParenthesizedWhitespace:
    return cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace(indent))


def _arg_code(arg: cst.Arg) -> str:
    return code_of(arg.with_changes(comma=cst.MaybeSentinel.DEFAULT))
