"""Views."""

from __future__ import annotations

from django import shortcuts
from django.contrib.auth import (
    aauthenticate,
    alogin,
)
from django_unblock import arender

from shop.models import Item


async def page(request, pk):
    item = await shortcuts.aget_object_or_404(Item, pk=pk)
    user = await aauthenticate(request, name="x")
    if user: await alogin(request, user)
    return await arender(request, "x.html", {"item": item})
