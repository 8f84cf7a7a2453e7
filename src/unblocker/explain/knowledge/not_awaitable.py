"""`object … can't be used in 'await' expression`: `await` before what is no coroutine."""

import ast
import re

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.explain.rewriting import name_of, rewritten
from unblocker.explain.spots import Spot
from unblocker.records.explanation import Fix

_MESSAGE = re.compile(
    r"object (?!async_generator)(?P<kind>\S+) can't be used in 'await' expression"
)
_QUERYSETS = ("QuerySet", "Manager")


def _advise(case: Case) -> Advice:
    found = _MESSAGE.search(case.report.message)
    kind = found["kind"] if found else "object"
    why = f"`await` is for coroutines; this is a plain `{kind}`."
    if kind.endswith(_QUERYSETS):
        why = f"A {kind} can't be awaited. It is lazy: what runs its query is a loop or a method such as `aget`."
    node = _awaited(case)
    if case.spot is None or node is None:
        return Advice(why, (Fix("Take the `await` away, or await what gives a coroutine."),))
    if case.called:
        given = "Give it coroutines: calls of async functions, of which none is awaited yet."
        return Advice(f"`{_called(node)}` awaits what it is given. {why}", (Fix(given),), node)
    return Advice(why, _fixes(case.spot, node, kind), node)


def _awaited(case: Case) -> ast.Await | None:
    """The marked `await`, or the line's only one."""
    if case.spot is None:
        return None
    if isinstance(case.spot.node, ast.Await):
        return case.spot.node
    every = {id(one): one for one in case.spot.expressions() if isinstance(one, ast.Await)}
    return next(iter(every.values())) if len(every) == 1 else None


def _called(node: ast.Await) -> str:
    return name_of(node.value.func) if isinstance(node.value, ast.Call) else "It"


def _fixes(spot: Spot, node: ast.Await, kind: str) -> tuple[Fix, ...]:
    inner = spot.segment(node.value)
    if kind.endswith(_QUERYSETS):
        manager = f"{inner}.all()" if kind.endswith("Manager") else inner
        return (
            Fix(
                "Collect the rows with `async for`.",
                rewritten(spot, node, f"[row async for row in {manager}]"),
            ),
            Fix("Or await what you want of them.", f"await {inner}.afirst()"),
        )
    plain = Fix("Take the `await` away.", rewritten(spot, node, inner))
    if not isinstance(node.value, ast.Call):
        return (plain,)
    function = spot.segment(node.value.func)
    code = f"await sync_to_async({function}){inner[len(function) :]}"
    text = f"Or, if `{name_of(node.value.func)}` queries or waits for something else, call it in a thread."
    return plain, Fix(text, rewritten(spot, node, code))


ENTRY = Entry(
    code="U347",
    title="awaiting what is no coroutine",
    recognise=lambda case: _MESSAGE.search(case.report.message) is not None,
    advise=_advise,
    examples=(
        Example(
            "queryset",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    orders = await Order.objects.filter(total=0)
    return HttpResponse(len(orders))
""",
            expression="await Order.objects.filter(total=0)",
            fix="orders = [row async for row in Order.objects.filter(total=0)]",
        ),
        Example(
            "relation",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    order = await Order.objects.select_related("customer").aget(pk=1)
    customer = await order.customer
    return HttpResponse(customer.name)
""",
            expression="await order.customer",
            fix="customer = order.customer",
        ),
        Example(
            "sync_helper",
            code="""\
from django.http import HttpResponse


def describe(request):
    return request.path


async def view(request):
    text = await describe(request)
    return HttpResponse(text)
""",
            expression="await describe(request)",
            fix="text = describe(request)",
            run="page",
        ),
        Example(
            "render",
            code="""\
from django.shortcuts import render


async def view(request):
    return await render(request, "orders.html", {"orders": []})
""",
            expression='await render(request, "orders.html", {"orders": []})',
            fix='return render(request, "orders.html", {"orders": []})',
        ),
    ),
)
