"""`test_asgi`, test for test, on SQLite."""

from test_asgi import *  # noqa: F403
