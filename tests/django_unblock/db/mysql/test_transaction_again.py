"""`test_transaction`, test for test, on MySQL."""

from test_transaction import *  # noqa: F403
