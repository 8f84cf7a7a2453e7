"""`test_ownership`, test for test, on MySQL."""

from test_ownership import *  # noqa: F403
