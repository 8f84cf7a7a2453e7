"""U325: a decorator that serves synchronous functions only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unblocker.survey.decorators import classify
from unblocker.survey.harmless import module_of
from unblocker.survey.lint.rule import BOTH, Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit

_FOR_VIEWS = (
    "django.views.decorators.",
    "django.contrib.auth.decorators",
    "django.contrib.admin.views.decorators",
    "django.utils.decorators",
    "functools",
)


def check(code: AsyncCode) -> Iterator[Hit]:
    """Django's own, judged by their source in the installed version; `functools.cache`, which keeps the coroutine."""
    for node, target in code.decorators():
        if target is None or not module_of(target).startswith(_FOR_VIEWS):
            continue
        if classify(target, code.setting.sources.owns) == "sync-only":
            text = f"@{code.called(node)} does not serve an async function in this version"
            yield code.hit(node, text, "leave it out here, or make the function synchronous")


RULE = Rule(
    "U325",
    "a decorator that serves synchronous functions only",
    BOTH,
    check=check,
    invalid=(
        Example("@cache_page(60)\nasync def view(request):\n    return JsonResponse({})\n"),
        Example("@functools.cache\nasync def rate():\n    await asyncio.sleep(1)\n"),
        Example("@functools.lru_cache(maxsize=1)\nasync def rate():\n    await asyncio.sleep(1)\n"),
    ),
    valid=(
        Example("@login_required\nasync def view(request):\n    return JsonResponse({})\n"),
        Example("@never_cache\nasync def view(request):\n    return JsonResponse({})\n"),
        Example("@cache_page(60)\ndef view(request):\n    return JsonResponse({})\n"),
        Example(
            "def own(view):\n"
            "    @functools.wraps(view)\n"
            "    async def wrapper(request):\n"
            "        return await view(request)\n"
            "\n"
            "    return wrapper\n"
            "\n"
            "\n"
            "@own\n"
            "async def view(request):\n"
            "    return JsonResponse({})\n"
        ),
        Example(
            "@receiver(post_save, sender=Product)\nasync def told(sender, **kwargs):\n    await asyncio.sleep(1)\n"
        ),
    ),
)
