"""`python -m tools.corpus`: convert published apps whole, and run their own suites before and after.

Exits 1 where a test that passed fails afterwards, or an app could not be run; 2 where nothing could be started.
"""

import argparse
import sys
from pathlib import Path

from tools import environments
from tools.corpus import report
from tools.corpus.recipes import UnknownAppError, recipes
from tools.corpus.results import Result
from tools.corpus.run import Runs, kept
from unblocker.errors import UnblockError
from unblocker.services import postgres
from unblocker.services.processes import Supervisor

FOLDER = environments.cache().with_name("corpus")
"""Outside of this repository, whose configuration is none of the apps'."""


def main() -> int:
    """Run as the command line says; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.corpus", description=__doc__)
    parser.add_argument("apps", nargs="*", help="names; default: all")
    parser.add_argument("--ci", action="store_true", help="only those that take few minutes")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="for code, logs, results")
    parser.add_argument(
        "--write",
        action="store_true",
        help=f"put the figures of these apps, and of others that were run before, into {report.PAGE.name}",
    )
    asked = parser.parse_args()
    try:
        chosen = [one for one in recipes(tuple(asked.apps)) if one.ci or not asked.ci]
        results = []
        with Supervisor() as supervisor:
            server = postgres.start(supervisor, postgres.temporary_folder())
            runs = Runs(asked.folder.absolute(), server.port, _say)
            for recipe in chosen:
                results.append(runs.run(recipe))
                _tell(results[-1])
    except (UnknownAppError, UnblockError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if asked.write:
        report.write(kept(asked.folder))
    return 0 if all(result.good for result in results) else 1


def _tell(result: Result) -> None:
    sys.stdout.writelines(f"{line}\n" for line in report.lines(result))


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
