"""`python -m unblocker` is `django-unblock`."""

import os
import sys
import threading
from typing import NoReturn


def main() -> None:
    """Run the command line; leave with status 2 where its own packages are missing, with 130 on an early Ctrl-C."""
    try:
        from unblocker.cli import main as run
    except ModuleNotFoundError as error:
        sys.stderr.write(
            f"error: {error.name!r} is not installed; "
            '`pip install "django-unblock[tool]"` brings what the command line needs.\n'
        )
        sys.exit(2)
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        sys.exit(130)
    try:
        run()
    except SystemExit as leaving:
        if _threads_at_work():
            leave_at_once(leaving.code)
        raise


def _threads_at_work() -> bool:
    """Whether threads that a surveyed project has started would keep the command from ending."""
    return any(
        not one.daemon and one is not threading.main_thread() for one in threading.enumerate()
    )


def leave_at_once(code: object) -> NoReturn:
    """End the process, whatever its threads do, with the status that `sys.exit(code)` gives."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    main()
