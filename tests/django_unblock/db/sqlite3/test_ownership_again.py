"""`test_ownership`, test for test, on SQLite."""

from test_ownership import *  # noqa: F403
