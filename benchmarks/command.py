"""What the commands of the benchmarks share: their options, what they tell on the way, and how they end."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.docs_page import LAST_RUN, write_between


@dataclass(frozen=True, slots=True)
class Command:
    """`python -m benchmarks.NAME`, whose result stands in `page`."""

    name: str
    page: Path

    def options(self, rounds: int) -> argparse.Namespace:
        """What the command line asks for: `rounds`, `report_only` and `write`."""
        parser = argparse.ArgumentParser(
            prog=f"python -m benchmarks.{self.name}",
            description="Measure, and tell whether the targets are met.",
        )
        add = parser.add_argument
        add("--rounds", type=int, default=rounds, help="how often everything is measured")
        add("--report-only", action="store_true", help="exit 0 also if a target is missed")
        add("--write", action="store_true", help=f"write the result into {self.page.name}")
        return parser.parse_args()

    def end(self, options: argparse.Namespace, lines: Sequence[str], *, met: bool) -> int:
        """Show the result, write it where that is asked for, and return the exit status."""
        print("\n".join(lines))  # noqa: T201
        if options.write:
            write_between(self.page, LAST_RUN, lines)
        return 0 if met or options.report_only else 1


def tell(text: str) -> None:
    """Say at once what is done now."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201
