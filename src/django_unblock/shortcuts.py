"""Django's `render`, awaited."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from django_unblock import bridge, templates
from django_unblock.concurrency import load


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
    block the event loop. The context's querysets that the template is bound to read whole are read
    first, at the same time. Takes and raises what `render` does.
    """
    unread = templates.unread_querysets(template_name, context, using)
    if len(unread) > 1:
        await load(*unread)
    return await bridge.run(render, request, template_name, context, content_type, status, using)
