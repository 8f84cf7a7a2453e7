"""Records the requests of a Django process and their I/O, without a change to its code.

It runs inside the recorded command, in the environment of the project: it imports the standard library alone, and of
Django and other packages only what the process itself has imported. It must never change what the process does: it
fails silently.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from . import (
    arrivals,
    caches,
    calls,
    direct,
    handlers,
    journal,
    places,
    queries,
    replay,
    threads,
)

FOLDER = "DJANGO_UNBLOCK_RECORD_TO"
ROOT = "DJANGO_UNBLOCK_RECORD_ROOT"
BODIES = "DJANGO_UNBLOCK_RECORD_BODIES"


def start(environment: Mapping[str, str]) -> None:
    """Record into a file of this process in the folder that the environment names; nothing where it names none."""
    folder = environment.get(FOLDER)
    if not folder:
        return
    journal.start(Path(folder))
    places.start(environment[ROOT])
    replay.start(enabled=bool(environment.get(BODIES)))
    arrivals.watch(
        {
            "django": journal.django_arrived,
            "django.apps.registry": journal.registry_arrived,
            "django.core.handlers.base": handlers.watch,
            "django.db.utils": queries.watch,
            "django.core.cache": caches.watch,
            "django.test.client": direct.watch,
            "http.client": calls.watch_http_client,
            "asgiref.sync": places.watch_asgiref,
            "threading": threads.watch_threads,
            "concurrent.futures.thread": threads.watch_pools,
            **dict.fromkeys(calls.MODULES, calls.watch),
        }
    )
    os.register_at_fork(after_in_child=journal.after_fork)
