"""The account of one view, for the terminal."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from unblocker.records.account import Account, Conclusion, Via
from unblocker.records.survey import Location
from unblocker.report.figures import milliseconds
from unblocker.report.tables import styled

_INDENT = 4
_WIDEST = 110


def show_account(console: Console, account: Account) -> None:
    """Print the view's operations in order, each with how it is reached and why it stays there; then the verdict."""
    _head(console, account)
    via: tuple[Via, ...] = ()
    for number, one in enumerate(account.conclusions, 1):
        if one.via != via:
            _path(console, one.via)
            via = one.via
        _conclusion(console, number, one, converts=account.verdict == "convert")
    if not account.conclusions:
        _say(console, "It does nothing that the survey knows of.")
    _verdict(console, account)


def _head(console: Console, account: Account) -> None:
    where = f"  {account.place}" if account.place else ""
    console.print(Text.assemble((account.view, "bold"), (where, "cyan")), soft_wrap=True)
    for route in account.routes:
        name = f"  {route.name}" if route.name else ""
        console.print(Text(f"/{route.pattern.lstrip('/')}{name}"), soft_wrap=True)
    for decorator in account.decorators:
        console.print(Text(f"@{decorator.name}  {decorator.safety}", "dim"), soft_wrap=True)
    console.print()


def _path(console: Console, via: tuple[Via, ...]) -> None:
    """Through which helpers and templates the next operations are reached."""
    names = "".join(f" → {one.name} (from {one.place})" for one in via)
    _say(console, f"view{names}", style="bold", indent=0)
    console.print()


def _conclusion(console: Console, number: int, one: Conclusion, *, converts: bool) -> None:
    mark = " guard" if one.guard else ""
    head = Text.assemble(
        (f"{number:>2}. ", "bold"), (str(one.place), "cyan"), ("  " + one.source, "")
    )
    console.print(head, soft_wrap=True)
    _say(console, f"{one.label}: {one.kind}{mark}{_touched(one)}")
    for text in _remarks(one, converts=converts):
        _say(console, text)
    console.print()


def _touched(one: Conclusion) -> str:
    parts = []
    if one.reads:
        parts.append(f"reads {_listed(one.reads)}")
    if one.writes:
        parts.append(f"writes {_listed(one.writes)}")
    return f", {'; '.join(parts)}" if parts else ""


def _remarks(one: Conclusion, *, converts: bool) -> Iterator[str]:
    """What else is to be said of it, a line each."""
    if one.facts:
        told = (f"`{fact.name}` is {fact.text} (line {fact.place.line})" for fact in one.facts)
        yield f"because {'; '.join(told)}"
    if one.called_back:
        yield "no line of the view calls it: Django does (a signal, a form, an overridden method)"
    if one.raises:
        ends = "ends the view with" if one.guard else "may raise"
        yield f"{ends} {', '.join(name.rpartition('.')[2] for name in one.raises)}"
    yield from _frequency(one)
    if one.unknown:
        yield f"unknown: {one.unknown}"
    yield from _order(one, "runs" if converts else "could run")


def _frequency(one: Conclusion) -> Iterator[str]:
    """Whether it runs at all, and how often."""
    if one.unless:
        yield f"only in {', in '.join(one.unless)}"
    if not one.certain:
        yield "not always: the line can do without it"
    if one.times > 1:
        yield f"for each row: counted as {one.times} times"


def _order(one: Conclusion, runs: str) -> Iterator[str]:
    """What it runs beside, or why it waits."""
    if one.ahead:
        yield f"{runs} at the same time as the same call in later turns of the loop"
    if one.beside:
        yield f"{runs} at the same time as {_lines(one.beside)}"
    if one.apart:
        yield f"not at the same time as what is before it: {one.apart}"


def _lines(numbers: tuple[int, ...]) -> str:
    return f"line{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def _listed(locations: tuple[Location, ...]) -> str:
    return ", ".join(str(one).removeprefix("table ") for one in locations)


def _verdict(console: Console, account: Account) -> None:
    for problem in account.problems:
        _say(console, f"{problem.code} {problem.text}", indent=0)
    console.print(Text.assemble(("Verdict: ", "bold"), styled(account.verdict)))
    for reason in account.reasons:
        where = f" ({reason.place})" if reason.place else ""
        _say(console, f"{reason.code} {reason.text}{where}")
    before, after = account.prediction.before_ms, account.prediction.after_ms
    if before:
        told = f"{milliseconds(before)} ms of I/O"
        if after != before:
            told += f", {milliseconds(after)} ms converted"
        _say(console, f"predicted: {told}")


def _say(console: Console, text: str, *, style: str = "", indent: int = _INDENT) -> None:
    """Prose, in lines that are not too long to read, indented."""
    width = min(console.width, _WIDEST) - indent
    for line in Text(text, style).wrap(console, max(width, 20)):
        line.rstrip()
        console.print(Text(" " * indent).append_text(line), soft_wrap=True)
