"""`python -m benchmarks.survey.inside parse|read ROOT`: one measure in a process of its own; prints CPU seconds."""

import ast
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def parse(root: Path) -> float:
    """`ast.parse` over the project's own Python files, and nothing else."""
    from unblocker.survey.sources import Sources

    contents = [path.read_bytes() for path in Sources(root).project_files()]
    started = time.process_time()
    for content in contents:
        with suppress(SyntaxError):
            ast.parse(content)
    return time.process_time() - started


def read(root: Path) -> float:
    """The survey, but for importing the project."""
    from unblocker.survey.collecting import no_collection
    from unblocker.survey.project import load_project
    from unblocker.survey.survey import read_project

    loaded = load_project(root, None)
    with no_collection():
        started = time.process_time()
        read_project(loaded, lambda _text: None)
        return time.process_time() - started


MEASURES: dict[str, Callable[[Path], float]] = {"parse": parse, "read": read}

if __name__ == "__main__":
    print(MEASURES[sys.argv[1]](Path(sys.argv[2])))  # noqa: T201
