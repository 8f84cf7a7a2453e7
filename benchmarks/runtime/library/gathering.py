"""Each contestant's way to do several things at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

gather: Callable[..., Awaitable[Any]]

if "django_unblock" in settings.INSTALLED_APPS:
    import django_unblock

    gather = django_unblock.gather
else:
    gather = asyncio.gather

__all__ = ["gather"]
