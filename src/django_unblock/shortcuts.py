"""Django's `render`, awaited."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from django_unblock import bridge


async def arender(
    request: HttpRequest,
    template_name: str | Sequence[str],
    context: Mapping[str, Any] | None = None,
    content_type: str | None = None,
    status: int | None = None,
    using: str | None = None,
) -> HttpResponse:
    """Render a template into a response: `django.shortcuts.render` in the bridge.

    Lazy querysets and relations that the template, its tags or a context processor read do not
    block the event loop. Those of the context that the template is bound to read are read first, at
    the same time (any rendering in the bridge does that). Takes and raises what `render` does.
    """
    return await bridge.run(render, request, template_name, context, content_type, status, using)
