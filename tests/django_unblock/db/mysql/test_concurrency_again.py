"""`test_concurrency`, test for test, on MySQL."""

from test_concurrency import *  # noqa: F403
