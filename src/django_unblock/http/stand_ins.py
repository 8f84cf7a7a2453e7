"""What a test puts in the place of a function of requests answers for ours too.

A test suite written for requests replaces `requests.get`. Converted code must go on passing it.
(What replaces something beneath, as requests_mock and responses do, is met by every call: it goes
through requests.) Outside of Django's test environment nothing is looked for.
"""

from collections.abc import Callable
from types import FunctionType
from typing import Any

import requests
from django.core import mail


def stand_in(name: str) -> Callable[..., Any] | None:
    """The function of that name in requests, if a test replaced it or `requests.request`."""
    if not hasattr(mail, "outbox"):
        return None
    function: Callable[..., Any] = getattr(requests, name)
    return None if _is_own(function) and _is_own(requests.api.request) else function


def _is_own(function: object) -> bool:
    return isinstance(function, FunctionType) and function.__module__ == "requests.api"
