"""Lines that the conversion made too long, broken at their last brackets as Black and ruff break them."""

from collections.abc import Sequence

import libcst as cst

from unblocker.rewrite.layout import Layout, code_of


def wrapped[T: cst.BaseStatement](line: T, layout: Layout) -> T:
    """The line broken inside a call, where it is one simple statement on one line that does not fit; else as it is."""
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return line
    bare = line.with_changes(leading_lines=())
    if layout.fits(bare) or "\n" in code_of(bare).rstrip("\n") or line.trailing_whitespace.comment:
        return line
    call = _last_call(getattr(line.body[0], "value", None))
    if call is None:
        return line
    return line.with_deep_changes(call, **_broken_arguments(call, layout))


def _last_call(value: cst.CSTNode | None) -> cst.Call | None:
    """The last call with arguments along `value`: of `(await f(x)).g()` that of `f`."""
    while value is not None:
        if isinstance(value, cst.Call):
            if value.args:
                return value
            value = value.func
        elif isinstance(value, cst.Await):
            value = value.expression
        elif isinstance(value, cst.Attribute | cst.Subscript):
            value = value.value
        else:
            return None
    return None


def _broken_arguments(call: cst.Call, layout: Layout) -> dict[str, object]:
    """The arguments together on a line of their own where they fit, else each on one."""
    together = ", ".join(_arg_code(arg) for arg in call.args)
    inner = layout.step
    if len(together) <= layout.deeper().room:
        *others, last = call.args
        args = [
            *others,
            last.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=_break("")),
        ]
        return {"whitespace_before_args": _break(inner), "args": args}
    return {
        "whitespace_before_args": _break(inner),
        "args": [
            arg.with_changes(value=_broken_display(arg, layout), comma=comma)
            for arg, comma in zip(call.args, _commas(len(call.args), inner, ""), strict=True)
        ],
    }


def _broken_display(arg: cst.Arg, layout: Layout) -> cst.BaseExpression:
    """The argument's value, a list, set or dict with an element a line where the argument would not fit."""
    value = arg.value
    if len(_arg_code(arg)) < layout.deeper().room or not isinstance(
        value, cst.Dict | cst.List | cst.Set
    ):
        return value
    if not value.elements:
        return value
    inner, outer = layout.step * 2, layout.step
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
