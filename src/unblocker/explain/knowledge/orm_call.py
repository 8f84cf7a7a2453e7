"""A method of the ORM called in async code, where Django has the same with an `a` before its name."""

import ast

from unblocker.catalog.base import Entry as Known
from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.explain.rewriting import find_call, name_of, renamed, rewritten
from unblocker.explain.spots import Spot
from unblocker.explain.sync_only import RUNTIME, access, async_form, first_call, from_outside
from unblocker.records.explanation import Fix


def _advise(case: Case) -> Advice:
    frame = first_call(case)
    known = async_form(frame) if frame else None
    if case.spot is None or frame is None or known is None:
        return Advice(_why("this"), (RUNTIME,))
    call = _call(case.spot, frame.function)
    why = _why(f"`{frame.function}`")
    if call is None:
        name = _new_name(known, frame.function)
        return Advice(why, (Fix(f"Await `{name}` instead of it."), RUNTIME))
    fix = _awaited(case.spot, call, known, frame.function)
    outside = from_outside(case)
    fixes = (
        (*outside, Fix("Or make it `async def` and await Django's async form.", fix.code))
        if outside
        else (fix,)
    )
    return Advice(why, (*fixes, RUNTIME), call)


def _why(what: str) -> str:
    return f"{what} sends a query and waits for it. In a coroutine that would stop the event loop, so Django refuses."


def _call(spot: Spot, name: str) -> ast.Call | None:
    marked = spot.node
    if isinstance(marked, ast.Call) and name_of(marked.func) == name:
        return marked
    return find_call(spot, name)


def _new_name(known: Known, name: str) -> str:
    """`aget` for `get`; of entries for several functions, the one that belongs to this."""
    last = known.becomes.rpartition(".")[2]
    return last if last.removeprefix("a") == name else f"a{name}"


def _awaited(spot: Spot, call: ast.Call, known: Known, function: str) -> Fix:
    name = _new_name(known, function)
    text = "Await Django's async form."
    if known.form == "function":
        text = (
            f"Await Django's async form: `from {known.becomes.rpartition('.')[0]} import {name}`."
        )
    return Fix(text, rewritten(spot, call, f"await {renamed(spot, call, name)}"))


ENTRY = Entry(
    code="U340",
    title="a query in async code that has an async form",
    recognise=lambda case: access(case) == "call",
    advise=_advise,
    examples=(
        Example(
            "get",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    order = Order.objects.get(pk=1)
    return HttpResponse(order.total)
""",
            expression="Order.objects.get(pk=1)",
            fix="order = await Order.objects.aget(pk=1)",
        ),
        Example(
            "chained",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    total = Order.objects.filter(customer__name="Ana").get(
        pk=1,
    ).total
    return HttpResponse(total)
""",
            expression='Order.objects.filter(customer__name="Ana").get( pk=1, )',
            fix='await Order.objects.filter(customer__name="Ana").aget( pk=1, )',
            run="page",
        ),
        Example(
            "save",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    order = await Order.objects.aget(pk=1)
    order.total += 1
    order.save()
    return HttpResponse(order.total)
""",
            expression="order.save()",
            fix="await order.asave()",
        ),
        Example(
            "shortcut",
            code="""\
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from shop.models import Order


async def view(request):
    order = get_object_or_404(Order, pk=1)
    return HttpResponse(order.total)
""",
            expression="get_object_or_404(Order, pk=1)",
            fix="order = await aget_object_or_404(Order, pk=1)",
        ),
        Example(
            "helper",
            code="""\
from django.http import HttpResponse
from shop.models import Order


def newest():
    return Order.objects.order_by("-pk").first()


async def view(request):
    order = newest()
    return HttpResponse(order.total)
""",
            expression='Order.objects.order_by("-pk").first()',
            fix="order = await sync_to_async(newest)()",
        ),
        Example(
            "test",
            code="""\
import asyncio
import os

import pytest

os.environ["DJANGO_SETTINGS_MODULE"] = "config"


def test_total():
    import django

    django.setup()
    from shop.models import Order

    async def total():
        return Order.objects.get(pk=1).total

    assert asyncio.run(total()) == 0
""",
            expression="Order.objects.get(pk=1)",
            fix="return (await Order.objects.aget(pk=1)).total",
            run="test",
        ),
    ),
)
