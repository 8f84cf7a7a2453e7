"""`python -m tools.verify_mutants`: verify each wrong conversion, print what it was found by.

Exits 1 where a mutant is missed or a right conversion is accused, 2 where it can't run.
"""

import argparse
import sys

from tools.verify_mutants import report
from tools.verify_mutants.mutants import BadMutantError, Mutant, load
from tools.verify_mutants.run import HONEST_SCHEDULES, catch, honest
from unblocker.errors import UnblockError


def main() -> int:
    """Run as the command line says; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.verify_mutants", description=__doc__)
    parser.add_argument("mutants", nargs="*", help="names; default: all")
    parser.add_argument(
        "--honest", action="store_true", help="instead, verify the right conversions only"
    )
    parser.add_argument(
        "--schedules",
        type=int,
        default=HONEST_SCHEDULES,
        help="with --honest: how many for each kind of request (default: %(default)s)",
    )
    parser.add_argument(
        "--write", action="store_true", help=f"put the tables into {report.PAGE.name}"
    )
    asked = parser.parse_args()
    try:
        caught, right = (
            ([], honest(asked.schedules, _say))
            if asked.honest
            else catch(_chosen(asked.mutants), _say)
        )
    except (UnblockError, BadMutantError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    told = [*report.lines(caught), "", report.total(caught), ""] if caught else []
    failed = report.failures(caught, right)
    sys.stdout.write("\n".join(["", *told, *report.right_lines(right), "", *failed, ""]))
    if asked.write and asked.honest:
        report.write_honest(right, asked.schedules)
    elif asked.write:
        report.write_caught(caught, right)
    return 1 if failed else 0


def _chosen(names: list[str]) -> tuple[Mutant, ...]:
    mutants = load()
    if unknown := {*names} - {mutant.name for mutant in mutants}:
        raise BadMutantError(f"there is no {', '.join(sorted(unknown))}")
    return tuple(mutant for mutant in mutants if not names or mutant.name in names)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
