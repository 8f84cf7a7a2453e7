"""`test_transaction`, test for test, on SQLite."""

from test_transaction import *  # noqa: F403
