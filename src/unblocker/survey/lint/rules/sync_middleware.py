"""U319: middleware that is synchronous only, in front of async views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

from unblocker.survey.lint.rule import STOCK, Example, Hit, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.setting import Setting

_FIX = "make it async_capable (sync_and_async_middleware), or serve with django_unblock.asgi"


def check(setting: Setting) -> Iterator[Hit]:
    """Django puts each request into a thread for it, and everything behind it waits there."""
    if next(setting.async_views(), None) is None:
        return
    for path in setting.project.middleware:
        try:
            made = import_string(path)
        except ImportError:
            continue  # Django tells of it when it loads the middleware
        if not getattr(made, "async_capable", False):
            text = f"{path} is synchronous: each request to an async view takes a thread for it"
            yield Hit(setting.place_of(path), text, _FIX)


_VIEW = 'async def view(request):\n    return JsonResponse({"n": await Product.objects.acount()})\n'
_SYNC = 'MIDDLEWARE = [*MIDDLEWARE, "shop.lint_middleware.synchronous"]'

RULE = Rule(
    "U319",
    "synchronous middleware in front of async views",
    STOCK,
    check_project=check,
    invalid=(
        Example(_VIEW, settings=_SYNC),
        Example(_VIEW, settings='MIDDLEWARE = [*MIDDLEWARE, "shop.lint_middleware.Synchronous"]'),
    ),
    valid=(
        Example(_VIEW, settings='MIDDLEWARE = [*MIDDLEWARE, "shop.lint_middleware.both"]'),
        Example(_VIEW, settings='MIDDLEWARE = [*MIDDLEWARE, "shop.lint_middleware.Both"]'),
        Example(
            'def view(request):\n    return JsonResponse({"n": Product.objects.count()})\n',
            settings=_SYNC,
        ),
    ),
)
