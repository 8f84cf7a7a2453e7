"""What the recorder costs: the same requests in processes with and without it, in turn.

Run as `python -m tools.record_overhead`; prints the microseconds of processor time that recording adds to a request
and to a query.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from unblocker.record.environment import recording_into

ROUNDS = 7
REQUESTS = 2000
QUERIES = 20


def main() -> None:
    """Measure in turn, print the medians of the differences."""
    none, many = [], []
    for _ in range(ROUNDS):
        plain, recorded = measured(recording=False), measured(recording=True)
        none.append(recorded[0] - plain[0])
        many.append((recorded[1] - plain[1] - none[-1]) / QUERIES)
        sys.stdout.write(f"plain {plain[0]:.0f} and {plain[1]:.0f} us a request, ")
        sys.stdout.write(f"recorded {recorded[0]:.0f} and {recorded[1]:.0f}\n")
    sys.stdout.write(
        f"added to a request: {median(none):.0f} us, to a query: {median(many):.1f} us\n"
    )


def measured(*, recording: bool) -> tuple[float, float]:
    """Microseconds of processor time of a request without queries, and of one with `QUERIES`, in a new process."""
    root = Path(__file__).parents[1]
    environment = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        if recording:
            environment = recording_into(Path(folder), root, environment, bodies=False)
        done = subprocess.run(
            [sys.executable, "-c", "from tools.record_overhead import serve; serve()"],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        if recording != any(Path(folder).iterdir()):
            sys.exit("the recorder was not where it should be")
    none, many = done.stdout.split()
    return float(none), float(many)


def serve() -> None:
    """Be the process: handle requests as a WSGI server does, and print what one takes."""
    import django
    from django.conf import settings

    settings.configure(
        ROOT_URLCONF="tools.record_overhead",
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    )
    django.setup()
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import HttpRequest, HttpResponse
    from django.test import RequestFactory
    from django.urls import path

    def asking(_request: HttpRequest, queries: int) -> HttpResponse:
        from django.db import connection

        for _ in range(queries):
            with connection.cursor() as cursor:
                cursor.execute("SELECT %s", [1])
        return HttpResponse()

    globals()["urlpatterns"] = [path("<int:queries>", asking)]
    handler, factory = WSGIHandler(), RequestFactory()
    for queries in (0, QUERIES):
        requests = [factory.get(f"/{queries}") for _ in range(REQUESTS)]
        for request in requests[:100]:
            handler.get_response(request)
        began = time.process_time()
        for request in requests[100:]:
            handler.get_response(request)
        microseconds = (time.process_time() - began) / (REQUESTS - 100) * 1e6
        sys.stdout.write(f"{microseconds}\n")


if __name__ == "__main__":
    main()
