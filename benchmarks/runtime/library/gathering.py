"""Each contestant's way to do several things at the same time."""

import asyncio

from django.conf import settings

if "django_unblock" in settings.INSTALLED_APPS:
    from django_unblock import gather
else:
    gather = asyncio.gather

__all__ = ["gather"]
