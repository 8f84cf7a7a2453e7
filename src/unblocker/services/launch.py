"""Runs one command and sees to it that it dies when the process that wanted it is gone.

Started as a script in a session of its own: `launch.py STOP_SIGNAL USER COMMAND…`. Its standard
input is a pipe of which the starter holds the other end: when that closes, for whatever reason
(SIGKILL too), the whole process group is stopped. It imports nothing outside the standard library.
"""

import os
import signal
import subprocess
import sys
import threading
import time

GRACE_S = 3.0

_abandoned = threading.Event()


def main() -> int:
    """Run the command and return its exit status, as a shell would report it."""
    stop_signal, user, *command = sys.argv[1:]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # The group's signals are for the command; SIG_IGN would be inherited by it.
        signal.signal(number, lambda *_: None)
    child = start(command, user)
    watcher = threading.Thread(target=_stop_group_at_end_of_input, args=(int(stop_signal),))
    watcher.daemon = True
    watcher.start()
    status = child.wait()
    if _abandoned.is_set():
        os.killpg(0, signal.SIGKILL)
    return 128 - status if status < 0 else status


def start(command: list[str], user: str) -> subprocess.Popen[bytes]:
    """Start the command in this process group, as another system user if one is named."""
    if not user:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL)
    import pwd

    entry = pwd.getpwnam(user)
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, user=entry.pw_uid, group=entry.pw_gid, extra_groups=[]
    )


def _stop_group_at_end_of_input(stop_signal: int) -> None:
    while os.read(0, 1):
        pass
    _abandoned.set()
    os.killpg(0, stop_signal)
    time.sleep(GRACE_S)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
