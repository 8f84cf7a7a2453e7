"""What a test puts in the place of requests answers for us too.

A test suite written for requests replaces `requests.get`, or has requests_mock or responses replace
what lies beneath it. Converted code must go on passing it. Outside of Django's test environment
nothing is looked for.
"""

import sys
from collections.abc import Awaitable, Callable
from functools import wraps
from types import FunctionType
from typing import Any

from django.core import mail


def honour_stand_ins[**P, R](function: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Have requests' function of that name answer wherever a test has replaced it.

    It is called with the very arguments, so that the test finds the call it expects.
    """

    @wraps(function)
    async def call(*args: P.args, **kwargs: P.kwargs) -> R:
        stand_in = _stand_in(function.__name__)
        if stand_in is None:
            return await function(*args, **kwargs)
        answer: R = stand_in(*args, **kwargs)
        return answer

    return call


def _stand_in(name: str) -> Callable[..., Any] | None:
    """The function of that name in requests, if a test replaced it or something beneath it."""
    requests = sys.modules.get("requests")
    if requests is None or not hasattr(mail, "outbox"):
        return None
    function: Callable[..., Any] = getattr(requests, name)
    beneath = (
        requests.api.request,
        requests.Session.request,
        requests.Session.send,
        requests.Session.get_adapter,
        requests.adapters.HTTPAdapter.send,
    )
    return None if all(map(_is_own, (function, *beneath))) else function


def _is_own(function: object) -> bool:
    return isinstance(function, FunctionType) and function.__module__.startswith("requests.")
