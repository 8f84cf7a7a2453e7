"""Surveys the most downloaded Django packages that ship views; exits with 1 where the survey fails on one."""

import signal
import sys
from collections.abc import Sequence

import click

from tools.environments import ROOT, CannotInstallError, environment
from tools.survey_wild import report
from tools.survey_wild.outcome import Outcome
from tools.survey_wild.packages import Package, locked, table
from tools.survey_wild.run import Stage

WORK = ROOT / ".unblock" / "survey-wild"


@click.command()
@click.argument("names", nargs=-1)
@click.option("--seconds", default=300, show_default=True, help="one that takes longer has failed")
@click.option("--write", is_flag=True, help="write the result to docs/survey-wild.md")
def main(names: Sequence[str], seconds: int, write: bool) -> None:
    """Survey the packages in the table, or those with these NAMES, as a project's own code.

    Exit status: 0 all were surveyed, 1 the survey failed on one or could not read a function, 2 cannot run.
    """
    # As an exception it ends what was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    stage = Stage(WORK, seconds)
    try:
        outcomes = [_survey(stage, package) for package in _chosen(names)]
    except CannotInstallError as error:
        click.echo(f"survey-wild: {error}", err=True)
        sys.exit(2)
    click.echo(report.total(outcomes))
    if write:
        report.write(outcomes)
    sys.exit(0 if all(outcome.good for outcome in outcomes) else 1)


def _chosen(names: Sequence[str]) -> list[Package]:
    packages = table().packages
    unknown = set(names) - {package.name for package in packages}
    if unknown:
        raise click.BadParameter(f"not in the table: {', '.join(sorted(unknown))}")
    return [package for package in packages if not names or package.name in names]


def _survey(stage: Stage, package: Package) -> Outcome:
    wanted = locked(package.django)
    where = environment(f"survey-wild-{package.django}", wanted, click.echo)
    outcome = stage.survey(package, where)
    click.echo(report.line(outcome))
    return outcome


if __name__ == "__main__":
    main()
