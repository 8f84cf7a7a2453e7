"""U321: CONN_MAX_AGE under ASGI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings as django_settings

from unblocker.survey.lint.rule import STOCK, Example, Hit, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.setting import Setting

_FIX = 'CONN_MAX_AGE = 0, and a pool: OPTIONS["pool"] of Django, or PgBouncer'


def check(setting: Setting) -> Iterator[Hit]:
    """Connections are kept by thread, and under ASGI the threads change: they are never used again."""
    if not setting.is_served_by_asgi():
        return
    for alias, options in django_settings.DATABASES.items():
        if options.get("CONN_MAX_AGE", 0) != 0:
            text = f"DATABASES[{alias!r}] keeps connections (CONN_MAX_AGE), which leak under ASGI"
            yield Hit(setting.place_of("CONN_MAX_AGE"), text, _FIX)


_VIEW = 'async def view(request):\n    return JsonResponse({"n": await Product.objects.acount()})\n'
_SYNC = 'def view(request):\n    return JsonResponse({"n": Product.objects.count()})\n'
_KEPT = 'DATABASES["default"]["CONN_MAX_AGE"] = 60'

RULE = Rule(
    "U321",
    "CONN_MAX_AGE under ASGI",
    STOCK,
    check_project=check,
    invalid=(
        Example(_VIEW, settings=_KEPT),
        Example(_VIEW, settings='DATABASES["default"]["CONN_MAX_AGE"] = None'),
        Example(_SYNC, settings=f'{_KEPT}\nASGI_APPLICATION = "config.asgi.application"'),
    ),
    valid=(
        Example(_VIEW, settings='DATABASES["default"]["CONN_MAX_AGE"] = 0'),
        Example(_VIEW),
        Example(_SYNC, settings=_KEPT),
    ),
)
