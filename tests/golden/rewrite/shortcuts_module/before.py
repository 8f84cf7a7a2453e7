"""Views."""

from __future__ import annotations

from django import shortcuts
from django.contrib.auth import (
    authenticate,  # by name
    login,
)

from shop.models import Item


def page(request, pk):
    item = shortcuts.get_object_or_404(Item, pk=pk)
    user = authenticate(request, name="x")
    if user: login(request, user)
    return shortcuts.render(request, "x.html", {"item": item})
