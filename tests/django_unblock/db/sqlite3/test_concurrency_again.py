"""`test_concurrency`, test for test, on SQLite."""

from test_concurrency import *  # noqa: F403
