"""Runs Django's own test suite on the stock PostgreSQL backend and on ours, and compares test by test."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import click

from tools.django_suite import outcomes, report, server, source
from tools.django_suite.outcomes import Outcome
from tools.django_suite.runs import CannotRunError, Run

type Outcomes = Mapping[str, Outcome]


@click.command()
@click.argument("labels", nargs=-1)
@click.option("--django", "series", metavar="X.Y", help="another version than the installed one")
@click.option("--mode", type=click.Choice(["loop", "plain"]), default="loop", show_default=True)
@click.option("--processes", default=2, show_default=True)
@click.option("--seconds", default=300, show_default=True, help="a test that takes longer hangs")
@click.option("--recheck", is_flag=True, help="run only ours, and stock what did not simply pass")
@click.option("--write", is_flag=True, help="write the result to docs/django-suite.md")
def main(
    labels: Sequence[str],
    series: str | None,
    mode: Literal["loop", "plain"],
    processes: int,
    seconds: int,
    recheck: bool,
    write: bool,
) -> None:
    """Run Django's tests on the stock PostgreSQL backend and on ours; print what differs.

    LABELS are Django's: a module, a class, a test; all modules without. Exit status: 0 the same but for the
    accepted differences, 1 another outcome, 2 cannot run.
    """
    try:
        django = source.get(series or None)
        with server.running() as database:
            folder = source.CACHE / "results" / django.version
            click.echo(f"Django {django.version} on {database.name}; records in {folder}")
            ours = Run(django, mode, database.settings, folder, processes, seconds)
            run_both = _stock_where_doubtful if recheck else _stock_in_full
            stock, own = run_both(ours, labels)
    except (CannotRunError, subprocess.CalledProcessError) as error:
        click.echo(f"django-suite: {error}", err=True)
        sys.exit(2)
    differing = outcomes.differences(stock, own)
    result = report.Result(django.version, database.name, mode, stock, own, differing)
    if write:
        report.write(result)
    _tell(result)
    sys.exit(1 if result.unexplained else 0)


def _stock_in_full(ours: Run, labels: Sequence[str]) -> tuple[Outcomes, Outcomes]:
    return replace(ours, mode="stock").outcomes(labels), ours.outcomes(labels)


def _stock_where_doubtful(ours: Run, labels: Sequence[str]) -> tuple[Outcomes, Outcomes]:
    """Ask the stock backend only about the tests that did not simply pass on ours."""
    own = ours.outcomes(labels)
    passed = {test: outcome for test, outcome in own.items() if outcome.word == "passed"}
    doubtful = [outcomes.label(test) for test in own.keys() - passed.keys()]
    if not doubtful:
        return passed, own
    asked = replace(ours, mode="stock", processes=1).outcomes(doubtful)
    return {**passed, **asked}, own


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
