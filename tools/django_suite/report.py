"""The result in `docs/django-suite.md`, between two markers."""

import os
import platform
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from tools.django_suite import accepted
from tools.django_suite.outcomes import Difference, Outcome, counts
from tools.django_suite.source import ROOT

PAGE = ROOT / "docs" / "django-suite.md"
START, END = "<!-- result of the last full run: start -->\n", "<!-- end -->\n"


@dataclass(frozen=True, slots=True)
class Result:
    """Both runs.

    Attributes:
        django: the version.
        server: the database server's name.
        mode: how ours ran.
        stock: outcomes on the stock backend, by test.
        ours: outcomes on our engine.
        differing: where they differ.
    """

    django: str
    server: str
    mode: str
    stock: Mapping[str, Outcome]
    ours: Mapping[str, Outcome]
    differing: Collection[Difference]

    @property
    def unexplained(self) -> list[Difference]:
        """The differences that nobody has accepted."""
        return [each for each in self.differing if each.test not in accepted.REASONS]


def write(result: Result) -> None:
    """Put the result into the page, in place of the last one."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    PAGE.write_text(before + START + "\n".join(_lines(result)) + "\n" + END + after, "utf-8")


def _lines(result: Result) -> list[str]:
    packages = ("asgiref", "psycopg", "psycopg-pool", "greenlet")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    machine = f"{os.cpu_count()} cores, {_memory()} GB, {platform.system()} {platform.machine()}"
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}, {machine}.",
        f"Django {result.django}, {result.server}, Python {platform.python_version()}, {versions}.",
        "",
        "| engine | tests |",
        "|---|---|",
        f"| stock | {counts(result.stock.values())} |",
        f"| django-unblock, mode `{result.mode}` | {counts(result.ours.values())} |",
        "",
        f"With another outcome: {len(result.differing)}; unexplained: {len(result.unexplained)}.",
        "",
    ]
    if result.differing:
        lines += ["| test | stock | ours | reason |", "|---|---|---|---|"]
    for each in result.differing:
        reason = accepted.REASONS.get(each.test, "**not explained**")
        lines.append(f"| `{each.test}` | {each.stock} | {each.ours} | {reason} |")
    failing = sorted(o.test for o in result.stock.values() if o.word in ("failed", "error"))
    if failing:
        lines += ["", f"The {len(failing)} that fail on the stock backend, on this machine:", ""]
        lines += [f"* `{test}`" for test in failing]
    return lines


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
