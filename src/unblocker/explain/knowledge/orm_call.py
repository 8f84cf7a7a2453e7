"""A method of the ORM called in async code, where Django has the same with an `a` before its name."""

import ast

from unblocker.explain.async_forms import AsyncForm, async_form
from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.explain.rewriting import (
    find_call,
    is_gathered,
    may_await,
    name_of,
    renamed,
    rewritten,
)
from unblocker.explain.spots import Spot
from unblocker.explain.sync_only import RUNTIME, access, first_call, from_outside
from unblocker.records.explanation import Fix


def _advise(case: Case) -> Advice:
    frame = first_call(case)
    form = async_form(frame) if frame else None
    if case.spot is None or frame is None or form is None:
        return Advice(_why("this"), (RUNTIME,))
    call = _call(case.spot, frame.function)
    why = _why(f"`{frame.function}`")
    if call is None:
        return Advice(why, (Fix(f"Await `{form.name}` instead of it."), RUNTIME))
    fix = _awaited(case.spot, call, form)
    outside = from_outside(case)
    inside = Fix("Or make it `async def` and await Django's async form.", fix.code)
    return Advice(why, (*outside, inside if outside else fix, RUNTIME), call)


def _why(what: str) -> str:
    return f"{what} sends a query and waits for it. In a coroutine that would stop the event loop, so Django refuses."


def _call(spot: Spot, name: str) -> ast.Call | None:
    marked = spot.node
    if isinstance(marked, ast.Call) and name_of(marked.func) == name:
        return marked
    return find_call(spot, name)


def _awaited(spot: Spot, call: ast.Call, form: AsyncForm) -> Fix:
    new = renamed(spot, call, form.name)
    where = f": `from {form.module} import {form.name}`" if form.module else ""
    if not may_await(spot, call):
        text = f"Take Django's async form{where}. No `await` can stand in a lambda or generator: write a loop."
        return Fix(text, f"await {new}")
    if is_gathered(spot, call):
        return Fix(
            f"Hand over the coroutine of Django's async form{where}.", rewritten(spot, call, new)
        )
    return Fix(f"Await Django's async form{where}.", rewritten(spot, call, f"await {new}"))


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
        Example(
            "related",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    order = await Order.objects.aget(pk=1)
    order.items.create(name="x")
    return HttpResponse("x")
""",
            expression='order.items.create(name="x")',
            fix='await order.items.acreate(name="x")',
        ),
        Example(
            "login",
            code="""\
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpResponse


async def view(request):
    user = await User.objects.aget()
    login(request, user)
    return HttpResponse("x")
""",
            expression="login(request, user)",
            fix="await alogin(request, user)",
        ),
        Example(
            "gathered",
            code="""\
import asyncio

from django.http import HttpResponse
from shop.models import Order


async def view(request):
    a, b = await asyncio.gather(Order.objects.acount(), Order.objects.count())
    return HttpResponse(a)
""",
            expression="Order.objects.count()",
            fix="a, b = await asyncio.gather(Order.objects.acount(), Order.objects.acount())",
        ),
    ),
)
