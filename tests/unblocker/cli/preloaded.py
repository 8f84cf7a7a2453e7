"""Runs commands in forks of one process that has imported the tool: most of a short command's time is imports.

Each line of standard input is a JSON object: `arguments`, `cwd`, `environment`, and the files `stdout` and `stderr`.
The answer is the exit status on a line of its own.
"""

import json
import os
import sys
from importlib import import_module

from unblocker.cli import main

LOADED = (
    "django.db.backends.postgresql.base",
    "unblocker.cli.convert",
    "unblocker.cli.report",
    "unblocker.cli.undo",
)


def carry_out(job):
    """In the fork: become what a shell would have started."""
    os.chdir(job["cwd"])
    os.environ.clear()
    os.environ.update(job["environment"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(job[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    main(job["arguments"], prog_name="django-unblock")


def serve():
    for name in LOADED:
        import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            carry_out(json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
