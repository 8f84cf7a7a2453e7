"""`test_asgi`, test for test, on MySQL."""

from test_asgi import *  # noqa: F403
