"""Whether new code fits the line, and how it is broken where it does not."""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast, override

import libcst as cst

TAB_WIDTH = 4
BLANK = cst.EmptyLine(indent=False)


@dataclass(frozen=True, slots=True)
class Layout:
    """How lines look at one place: the indentation there, one more step of it, and how wide they may be."""

    indent: str
    step: str
    width: int

    def deeper(self) -> "Layout":
        """The layout one block further in."""
        return Layout(self.indent + self.step, self.step, self.width)

    @property
    def room(self) -> int:
        """The columns that are left behind the indentation."""
        return self.width - len(self.indent.expandtabs(TAB_WIDTH))

    def fits(self, node: cst.CSTNode) -> bool:
        """Whether `node`, a statement or an expression, is a single line that fits."""
        code = code_of(node).rstrip("\r\n")
        return "\n" not in code and len(code) <= self.room

    def overflows(self, node: cst.CSTNode) -> bool:
        """Whether a line of `node` is too long."""
        return any(len(line) > self.room for line in code_of(node).splitlines())

    def comment(self, text: str) -> list[cst.EmptyLine]:
        """`text` as comment lines."""
        lines = textwrap.wrap(text, max(self.room - 2, 20), break_long_words=False)
        return [cst.EmptyLine(comment=cst.Comment(f"# {line}")) for line in lines]


def code_of(node: cst.CSTNode) -> str:
    """The node's code by itself, with plain line endings."""
    return cst.Module(body=()).code_for_node(node)


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument with the comments that stand above it and behind it."""

    value: cst.BaseExpression
    above: tuple[str, ...] = ()
    behind: str = ""
    keyword: str = ""

    def arg(self, comma: cst.Comma | cst.MaybeSentinel = cst.MaybeSentinel.DEFAULT) -> cst.Arg:
        """The argument as it stands in a call."""
        if not self.keyword:
            return cst.Arg(self.value, comma=comma)
        equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
        return cst.Arg(self.value, keyword=cst.Name(self.keyword), equal=equal, comma=comma)


def joined(call: cst.Call) -> cst.Call:
    """The call with its arguments on one line, if neither comments nor a trailing comma keep them on several.

    So are those of the calls before it: of `Product.objects.filter(…)` in `Product.objects.filter(…).acount()`.
    """
    if isinstance(call.func, cst.Attribute) and isinstance(call.func.value, cst.Call):
        call = call.with_changes(func=call.func.with_changes(value=joined(call.func.value)))
    if not call.args or isinstance(call.args[-1].comma, cst.Comma):
        return call
    spaces = [call.whitespace_before_args, call.args[-1].whitespace_after_arg]
    spaces += [arg.comma.whitespace_after for arg in call.args if isinstance(arg.comma, cst.Comma)]
    if any(_has_comment(space) for space in spaces):
        return call
    nothing = cst.SimpleWhitespace("")
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    *others, last = call.args
    args = [arg.with_changes(comma=comma) for arg in others]
    args.append(last.with_changes(whitespace_after_arg=nothing))
    return call.with_changes(whitespace_before_args=nothing, args=args)


def _has_comment(space: cst.BaseParenthesizableWhitespace) -> bool:
    return "#" in code_of(space)


def one_line_call(func: cst.BaseExpression, arguments: Sequence[Argument]) -> cst.Call | None:
    """`func(a, b)`; None where comments stand among the arguments."""
    if any(argument.above or argument.behind for argument in arguments):
        return None
    return cst.Call(func, [argument.arg() for argument in arguments])


def call_with_one_argument_a_line(
    func: cst.BaseExpression, arguments: Sequence[Argument], layout: Layout
) -> cst.Call:
    """`func(` … `)` with each argument on a line of its own, a trailing comma, and the comments kept."""
    breaks = [
        _line_break(first.behind, second.above, layout, last=False)
        for first, second in pairwise(arguments)
    ]
    breaks.append(_line_break(arguments[-1].behind, (), layout, last=True))
    args = [
        argument.arg(cst.Comma(whitespace_after=line_break))
        for argument, line_break in zip(arguments, breaks, strict=True)
    ]
    before = _line_break("", arguments[0].above, layout, last=False)
    return cst.Call(func, args, whitespace_before_args=before)


def _line_break(
    behind: str, above: Sequence[str], layout: Layout, *, last: bool
) -> cst.ParenthesizedWhitespace:
    """The break behind an argument, with its comment, and the comments above the next one."""
    indent = cst.SimpleWhitespace(layout.step)
    return cst.ParenthesizedWhitespace(
        first_line=cst.TrailingWhitespace(
            whitespace=cst.SimpleWhitespace("  " if behind else ""),
            comment=cst.Comment(behind) if behind else None,
        ),
        empty_lines=[cst.EmptyLine(whitespace=indent, comment=cst.Comment(text)) for text in above],
        indent=True,
        last_line=cst.SimpleWhitespace("") if last else indent,
    )


def enclosed(expression: cst.BaseExpression) -> cst.BaseExpression:
    """The expression, a bare tuple in parentheses."""
    if isinstance(expression, cst.Tuple) and not expression.lpar:
        return expression.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return expression


def one_step_deeper[T: cst.CSTNode](node: T, step: str) -> T:
    """The node with its own continuation lines moved in by `step`, for a place inside brackets on a line of its own."""
    return cast("T", node.visit(_Moved(lambda white: step + white)))


def moved_out[T: cst.CSTNode](node: T, indent: str) -> T:
    """The node with its own continuation lines moved out by `indent`, as far as they are indented so."""
    return cast("T", node.visit(_Moved(lambda white: white.removeprefix(indent))))


class _Moved(cst.CSTTransformer):
    """Changes the white space that continuation lines begin with, beyond their block's."""

    def __init__(self, move: Callable[[str], str]) -> None:
        super().__init__()
        self.move = move

    @override
    def leave_ParenthesizedWhitespace(
        self,
        original_node: cst.ParenthesizedWhitespace,
        updated_node: cst.ParenthesizedWhitespace,
    ) -> cst.ParenthesizedWhitespace:
        if not updated_node.indent:
            return updated_node
        return updated_node.with_changes(
            last_line=cst.SimpleWhitespace(self.move(updated_node.last_line.value)),
            empty_lines=[self._comment_line(line) for line in updated_node.empty_lines],
        )

    def _comment_line(self, line: cst.EmptyLine) -> cst.EmptyLine:
        if line.comment is None or not line.indent:
            return line
        return line.with_changes(whitespace=cst.SimpleWhitespace(self.move(line.whitespace.value)))
