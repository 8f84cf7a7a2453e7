"""What `explain` found, for the terminal."""

from rich.console import Console
from rich.text import Text

from unblocker.records.explanation import Explanation, Explanations, Fix, Unexplained
from unblocker.report.codes import code_page

_INDENT = 4
_WIDEST = 100
_RUNTIME = "R"


def show_explanations(console: Console, found: Explanations) -> None:
    """Print each error with its line, why it is one, and its fixes; then those that are not known."""
    for number, one in enumerate(found.explained):
        if number:
            console.print()
        _explained(console, one)
    if found.explained and found.unexplained:
        console.print()
    for unknown in found.unexplained:
        _unexplained(console, unknown)


def _explained(console: Console, one: Explanation) -> None:
    title = Text.assemble((f"{one.code} ", "bold red"), (one.title, "bold"))
    _say(console, title)
    _line(console, one)
    _say(console, Text(one.error, "dim"))
    console.print()
    _say(console, Text(one.why))
    if one.code.startswith(_RUNTIME) and (page := code_page(one.code)):
        _say(console, Text(page.sections["What to do"]))
    for number, fix in enumerate(one.fixes, 1):
        _fix(console, number, fix)


def _line(console: Console, one: Explanation) -> None:
    """The place and its source, the expression underlined."""
    if one.place is None:
        return
    inside = f" in {one.function}" if one.function else ""
    console.print(Text(f"{one.place}{inside}", "cyan"), soft_wrap=True)
    console.print()
    console.print(Text(" " * _INDENT + one.line), soft_wrap=True)
    start = one.line.find(one.expression) if one.expression else -1
    if start >= 0:
        width = Text(one.line[:start]).cell_len
        marks = "^" * Text(one.expression).cell_len
        console.print(Text(" " * (_INDENT + width) + marks, "red"), soft_wrap=True)
    console.print()


def _fix(console: Console, number: int, fix: Fix) -> None:
    head = f"{number}. "
    console.print()
    body = Text(fix.text)
    for at, line in enumerate(body.wrap(console, _width(console) - len(head))):
        line.rstrip()
        console.print(Text(head if not at else " " * len(head), "bold").append_text(line))
    if fix.code:
        console.print(Text(" " * (_INDENT + len(head)) + fix.code, "green"), soft_wrap=True)


def _unexplained(console: Console, one: Unexplained) -> None:
    where = f" at {one.place}" if one.place else ""
    _say(console, Text(f"Not known{where}: {one.error}"))
    if one.line:
        console.print(Text(" " * _INDENT + one.line), soft_wrap=True)


def _say(console: Console, text: Text) -> None:
    """Prose, in lines that are not too long to read."""
    for line in text.wrap(console, _width(console)):
        line.rstrip()
        console.print(line)


def _width(console: Console) -> int:
    return min(console.width, _WIDEST)
