"""The results, for the terminal and for the documentation's page."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tools.corpus.results import Left, Result, SuiteRuns, Views
from tools.docs_page import FIGURES, write_between
from tools.environments import ROOT

PAGE = ROOT / "docs" / "corpus.md"
_HEAD = (
    "app", "views", "do I/O", "to convert", "converted", "overlapped", "bridged", "left", "lines", "tests before",
    "stock after", "runtime after", "broken", "unsteady", "s", "MB", "on",
)  # fmt: skip


def lines(result: Result) -> Iterator[str]:
    """One app, for the terminal."""
    yield f"{result.name} {result.version}"
    if result.failure:
        yield f"  FAILED: {result.failure}"
    if result.views:
        yield from _views(result.views)
    if result.cost:
        cost = result.cost
        yield (
            f"  {cost.files} files, {cost.added} lines added, {cost.removed} removed; "
            f"{cost.seconds:.1f} s, {cost.megabytes:.0f} MB"
        )
    if result.tests:
        yield from _tests(result.tests)


def write(results: Sequence[Result]) -> None:
    """Put the figures into the documentation's page."""
    write_between(PAGE, FIGURES, _page(results))


def codes(left: Sequence[Left]) -> str:
    """How many views have which code, the most frequent first: `U206: 4, U209: 2`."""
    counted = Counter(one.code for one in left).most_common()
    return ", ".join(f"{code}: {count}" for code, count in counted)


def _views(views: Views) -> Iterator[str]:
    yield (
        f"  {views.all} views, {views.waiting} do I/O; {views.converted} of {views.wanted} converted, "
        f"{views.overlapped} overlapped, {len(views.bridged)} bridged, {len(views.left)} left"
    )
    for word, left in (("bridged", views.bridged), ("left", views.left), ("FAILED", views.failed)):
        if left:
            yield f"  {word}: {codes(left)}"


def _tests(tests: SuiteRuns) -> Iterator[str]:
    for run, counts in tests.runs.items():
        yield f"  {run:8} {_counts(counts)}"
    for broken in tests.broken:
        yield f"  BROKEN  {broken.test} ({broken.word})"
    for test in tests.unsteady:
        yield f"  unsteady: {test}"
    for broken in tests.engine:
        yield f"  needs the engine: {broken.test}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {word}" for word, number in counts.items())


def _page(results: Sequence[Result]) -> Iterator[str]:
    yield f"| {' | '.join(_HEAD)} |"
    yield "|---" + "|--:" * (len(_HEAD) - 1) + "|"
    for result in results:
        yield f"| {' | '.join(_row(result))} |"
    yield ""
    yield "| app | bridged, by code | left, by code |"
    yield "|---|---|---|"
    for result in results:
        if result.views:
            yield f"| {result.name} | {codes(result.views.bridged)} | {codes(result.views.left)} |"


def _row(result: Result) -> Iterator[str]:
    yield f"{result.name} {result.version}"
    views, tests, cost = result.views, result.tests, result.cost
    if not (views and tests and cost):
        yield "**failed**"
        return
    counted = (views.all, views.waiting, views.wanted, views.converted, views.overlapped)
    yield from map(str, (*counted, len(views.bridged), len(views.left)))
    yield f"+{cost.added} -{cost.removed}"
    yield from (f"{run.get('passed', 0)} of {sum(run.values())}" for run in tests.runs.values())
    yield str(len(tests.broken))
    yield str(len(tests.unsteady))
    yield f"{cost.seconds:.0f}"
    yield f"{cost.megabytes:.0f}"
    yield result.day
