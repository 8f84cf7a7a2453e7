"""A template rendered in a coroutine that queries: a queryset it loops over, a relation it walks."""

import ast

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.explain.rewriting import find_call
from unblocker.explain.sync_only import RUNTIME, access, from_outside, in_a_thread
from unblocker.records.explanation import Fix

_LOADED = Fix(
    "Or load all it reads before: rows with `[row async for row in queryset]`, relations with `select_related` and "
    "`prefetch_related`, the user with `await request.auser()`."
)


def _advise(case: Case) -> Advice:
    why = f"Rendering sends queries: {_what(case)}. The template runs in the coroutine, where Django refuses them."
    if case.spot is None:
        return Advice(why, (RUNTIME,))
    call = (
        case.spot.node if isinstance(case.spot.node, ast.Call) else find_call(case.spot, "render")
    )
    if call is None:
        return Advice(why, (_LOADED, *from_outside(case), RUNTIME))
    thread = Fix("Render in a thread, which may query.", in_a_thread(case.spot, call))
    fixes = from_outside(case) or (thread,)
    return Advice(why, (*fixes, _LOADED, RUNTIME), call)


def _what(case: Case) -> str:
    """What the template reads."""
    template = case.report.template
    if template is not None:
        return f"{template.file}:{template.line} has `{' '.join(template.text.split())}`"
    if case.passes("related_descriptors.py", "__get__"):
        missing = case.chain[-1].message.strip("'") if case.chain else ""
        name = f"the relation `{missing}`" if missing else "a relation"
        return f"the template reads {name}, which is not loaded yet"
    if case.passes("contrib/auth/middleware.py"):
        return "the template reads `user`, which is loaded when it is first looked at"
    if case.passes("django/template/defaulttags.py") and case.passes("db/models/query.py"):
        return "the template loops over a queryset, or tests one"
    return "the template reads something that is not loaded yet"


ENTRY = Entry(
    code="U343",
    title="a template that queries, rendered in async code",
    recognise=lambda case: access(case) == "template",
    advise=_advise,
    examples=(
        Example(
            "render",
            code="""\
from django.shortcuts import render
from shop.models import Order


async def view(request):
    orders = Order.objects.all()
    return render(request, "orders.html", {"orders": orders})
""",
            expression='render(request, "orders.html", {"orders": orders})',
            fix='return await sync_to_async(render)(request, "orders.html", {"orders": orders})',
        ),
        Example(
            "page",
            code="""\
from django.shortcuts import render
from shop.models import Order


async def view(request):
    orders = [order async for order in Order.objects.all()]
    return render(request, "orders.html", {"orders": orders})
""",
            expression='render(request, "orders.html", {"orders": orders})',
            fix='return await sync_to_async(render)(request, "orders.html", {"orders": orders})',
            run="page",
        ),
    ),
)
