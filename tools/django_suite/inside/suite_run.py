"""Runs the tests of Django named on the command line: ``suite_run.py FOLDER MODE [LABEL...]``.

In the mode ``loop`` Django's runner itself runs inside the bridge, so that each query of each test goes through
the event loop. On SIGUSR1 it writes the stack of every thread and greenlet to standard error, and ends.
"""

import asyncio
import atexit
import faulthandler
import gc
import os
import shutil
import signal
import sys
import tempfile
import traceback
from typing import Any


def run(mode: str, labels: list[str]) -> int:
    """Run the tests and return how many have failed."""
    import runtests

    def suite() -> int:
        options = dict.fromkeys(_OPTIONS, False)
        options |= {"verbosity": 1, "test_labels": labels, "parallel": 1, "durations": None}
        options |= dict.fromkeys(("tags", "exclude_tags", "test_name_patterns"))
        options |= dict.fromkeys(("start_at", "start_after"))
        failed: int = runtests.django_tests(**options)
        return failed

    if mode != "stock":
        runtests.ALWAYS_INSTALLED_APPS.append("django_unblock")
    if mode != "loop":
        return suite()
    from django_unblock import bridge

    return asyncio.run(bridge.run(suite))


_OPTIONS = (
    "interactive",
    "failfast",
    "keepdb",
    "reverse",
    "debug_sql",
    "pdb",
    "buffer",
    "timing",
    "shuffle",
)


def _end_with_stacks(*_signal: Any) -> None:
    faulthandler.dump_traceback()
    for found in gc.get_objects():
        frame = getattr(found, "gr_frame", None) if type(found).__name__ == "_Bridged" else None
        if frame is not None:
            sys.stderr.write(f"\n{found!r}\n" + "".join(traceback.format_stack(frame)))
    sys.stderr.flush()
    os._exit(1)


def main() -> None:
    """Set up what Django's ``runtests.py`` does for itself as a script, and run."""
    folder, mode, *labels = sys.argv[1:]
    sys.path.insert(0, folder)
    os.chdir(folder)
    tempfile.tempdir = os.environ["TMPDIR"] = tempfile.mkdtemp(prefix="django_")
    atexit.register(shutil.rmtree, tempfile.tempdir, ignore_errors=True)
    signal.signal(signal.SIGUSR1, _end_with_stacks)
    os.environ["DJANGO_SETTINGS_MODULE"] = "suite_settings"
    run(mode, labels)


if __name__ == "__main__":
    main()
