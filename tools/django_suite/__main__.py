"""Runs Django's own test suite on the stock PostgreSQL backend and on ours, and compares test by test."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Literal
from zlib import crc32

import click

from tools.django_suite import outcomes, report, server, source, ways
from tools.django_suite.core import CORE
from tools.django_suite.runs import CannotRunError, Run


@click.command()
@click.argument("labels", nargs=-1)
@click.option("--django", "series", metavar="X.Y", help="another version than the installed one")
@click.option("--mode", type=click.Choice(["loop", "plain"]), default="loop", show_default=True)
@click.option("--processes", default=2, show_default=True)
@click.option("--seconds", default=300, show_default=True, help="a test that takes longer hangs")
@click.option(
    "--run", "choice", type=click.Choice(list(ways.WAYS)), default="both", show_default=True
)
@click.option("--write", is_flag=True, help="write the result to docs/django-suite.md")
def main(
    labels: Sequence[str],
    series: str | None,
    mode: Literal["loop", "plain"],
    processes: int,
    seconds: int,
    choice: str,
    write: bool,
) -> None:
    """Run Django's tests on the stock PostgreSQL backend and on ours; print what differs.

    LABELS are Django's: a module, a class, a test; all modules without. "core" stands for the modules of the ORM,
    transactions, handlers, test clients and sessions.

    --run=both runs all tests on both; doubtful all on ours, and on stock those that do not simply pass on ours; ours
    all on ours, taking stock's outcomes from its last run; differing only those that differed in the last run.

    Exit status: 0 the same but for the accepted differences, 1 another outcome, 2 cannot run.
    """
    # As an exception it ends what was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    part = _part(labels)
    labels = [each for label in labels for each in (CORE if label == "core" else [label])]
    try:
        django = source.get(series or None)
        with server.running() as database:
            folder = source.CACHE / "results" / f"{django.version}-{part}"
            click.echo(f"Django {django.version} on {database.name}; records in {folder}")
            ours = Run(django, mode, database.settings, folder, processes, seconds)
            way = ways.WAYS[choice]
            expected, found = way.run(ours, labels)
    except (CannotRunError, subprocess.CalledProcessError) as error:
        click.echo(f"django-suite: {error}", err=True)
        sys.exit(2)
    result = report.Result(django, database.name, part, mode, way.note, expected, found)
    if write:
        report.write(result)
    _tell(result)
    sys.exit(1 if result.unexplained else 0)


def _part(labels: Sequence[str]) -> str:
    if not labels:
        return "all"
    if list(labels) == ["core"]:
        return "core"
    return f"{crc32(' '.join(sorted(labels)).encode()):x}"


def _tell(result: report.Result) -> None:
    click.echo(f"stock {outcomes.counts(result.stock.values())}")
    click.echo(f"ours  {outcomes.counts(result.ours.values())}")
    for difference in result.differing:
        accepted = difference not in result.unexplained
        click.echo(f"{'accepted' if accepted else 'DIFFERS'}  {difference}")
        if not accepted:
            click.echo("    " + difference.detail.replace("\n", "\n    "))
    click.echo(f"{len(result.differing)} differ, {len(result.unexplained)} unexplained")


if __name__ == "__main__":
    main()
