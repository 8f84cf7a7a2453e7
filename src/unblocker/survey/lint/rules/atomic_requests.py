"""U320: ATOMIC_REQUESTS and async views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings as django_settings

from unblocker.survey.lint.rule import BOTH, Example, Hit, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.setting import Setting

_FIX = "@transaction.non_atomic_requests on the view; a transaction around what needs one"


def check(setting: Setting) -> Iterator[Hit]:
    """Django refuses to call them: RuntimeError. Under django_unblock.asgi they work, but in no test client."""
    aliases = {
        alias
        for alias, options in django_settings.DATABASES.items()
        if options.get("ATOMIC_REQUESTS")
    }
    for endpoint in setting.async_views():
        exempt: set[str] = getattr(endpoint.callback, "_non_atomic_requests", set())
        place = setting.place_of_view(endpoint)
        if aliases - exempt and place is not None:
            name = getattr(endpoint.callback, "__name__", "view")
            yield Hit(place, f"ATOMIC_REQUESTS is on, and {name} is asynchronous", _FIX)


_VIEW = 'async def view(request):\n    return JsonResponse({"n": await Product.objects.acount()})\n'
_ON = 'DATABASES["default"]["ATOMIC_REQUESTS"] = True'

RULE = Rule(
    "U320",
    "ATOMIC_REQUESTS with async views",
    BOTH,
    check_project=check,
    invalid=(Example(_VIEW, settings=_ON),),
    valid=(
        Example(f"@transaction.non_atomic_requests\n{_VIEW}", settings=_ON),
        Example(_VIEW, settings='DATABASES["default"]["ATOMIC_REQUESTS"] = False'),
        Example(
            'def view(request):\n    return JsonResponse({"n": Product.objects.count()})\n',
            settings=_ON,
        ),
    ),
)
