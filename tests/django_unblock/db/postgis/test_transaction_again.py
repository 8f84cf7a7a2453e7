"""`test_transaction`, test for test, on PostGIS."""

from test_transaction import *  # noqa: F403
