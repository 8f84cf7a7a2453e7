"""U326: Django's auth mixins on a class with async handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unblocker.survey.lint.rule import STOCK, Example, Hit, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.setting import Setting

_FIX = "@method_decorator(login_required, name='dispatch')… on each handler, or a check of await request.auser()"


def check(setting: Setting) -> Iterator[Hit]:
    """Their `dispatch` looks at `request.user` before the handler, on the event loop."""
    for endpoint in setting.async_views():
        cls = getattr(endpoint.callback, "view_class", None)
        place = setting.place_of_view(endpoint)
        if isinstance(cls, type) and place is not None:
            mixin = next((base for base in cls.__mro__ if _is_auth_mixin(base)), None)
            if mixin is not None:
                text = f"{mixin.__name__} reads request.user before the async handlers of {cls.__name__}"
                yield Hit(place, text, _FIX)


def _is_auth_mixin(cls: type) -> bool:
    return cls.__module__ == "django.contrib.auth.mixins" and "dispatch" in vars(cls)


_GET = "    async def get(self, request):\n        return JsonResponse({})\n"

RULE = Rule(
    "U326",
    "LoginRequiredMixin and its like on async class-based views",
    STOCK,
    check_project=check,
    invalid=(
        Example(f"class Page(LoginRequiredMixin, View):\n{_GET}"),
        Example(
            "class Page(PermissionRequiredMixin, View):\n"
            f'    permission_required = "shop.view_order"\n\n{_GET}'
        ),
    ),
    valid=(
        Example(f"class Page(View):\n{_GET}"),
        Example(
            "class Page(LoginRequiredMixin, View):\n"
            "    def get(self, request):\n"
            "        return JsonResponse({})\n"
        ),
    ),
)
