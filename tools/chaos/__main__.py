"""`python -m tools.chaos`: make a run, print its result, end with status 1 on any violation.

Status 2: it could not start.
"""

import argparse
import shutil
import sys
import time

from tools.chaos import report, stage
from tools.chaos.run import Size, play
from tools.docs_page import LAST_RUN, write_between
from unblocker.errors import UnblockError
from unblocker.services import postgres
from unblocker.services.processes import Supervisor

PAGE = stage.ROOT / "docs" / "chaos.md"
SHORT = Size(requests=600, interrupted=300, jobs=120, kill_gap_s=0.2)


def main() -> int:
    """Run as the command line says; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="default: the time")
    parser.add_argument("--short", action="store_true", help="some hundred requests")
    parser.add_argument("--write", action="store_true", help=f"put the result into {PAGE.name}")
    asked = parser.parse_args()
    sys.stdout.write(f"Seed {asked.seed}\n")
    folder = postgres.temporary_folder()
    try:
        with Supervisor() as supervisor:
            seen = play(asked.seed, SHORT if asked.short else Size(), supervisor, folder)
    except UnblockError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    verdicts = report.judge(seen)
    told = report.lines(seen, verdicts, asked.seed)
    failed = report.violations(verdicts)
    sys.stdout.write("\n".join(["", *told, *failed, ""]))
    if asked.write:
        write_between(PAGE, LAST_RUN, told)
    if failed:
        sys.stdout.write(f"The server's log and the database: {folder}\n")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
