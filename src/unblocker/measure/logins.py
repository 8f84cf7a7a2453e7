"""Sessions for the users of the bench entries, made inside the project by `sign_in`."""

import subprocess
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path

import msgspec

from unblocker.errors import UnblockError
from unblocker.measure.prepared import Login
from unblocker.measure.servers import App

SIGN_IN = "unblocker.measure.sign_in"
NO_SUCH_USER = 3
TIMEOUT_S = 120


def make(app: App, users: Collection[str]) -> dict[str, Login]:
    """A login for each user, and one for "", who is nobody but has a CSRF token.

    All clients of a user share the session, so that its row is as warm as a real user's.

    Raises:
        UnblockError: a user does not exist (U071), or the project did not start (U072).
    """
    with tempfile.TemporaryDirectory(prefix="unblock-") as folder:
        file = Path(folder) / "logins.json"
        done = subprocess.run(
            (sys.executable, "-m", SIGN_IN, str(file), app.wsgi, *sorted(users)),
            cwd=app.tree,
            env=app.whole_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        if done.returncode == NO_SUCH_USER:
            raise UnblockError(
                "U071",
                f"no such user in the {app.side} app's database: {file.read_text()}",
                hint="Create them in a command of [tool.django-unblock.demo] prepare.",
            )
        if done.returncode:
            told = "\n".join(done.stderr.splitlines()[-15:])
            raise UnblockError(
                "U072", f"the project in {app.tree} could not sign its users in", hint=told
            )
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Login])
