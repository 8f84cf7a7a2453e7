"""Work of Django's in async code that has no async form: transactions, cursors, forms, middleware's helpers."""

import ast

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.explain.spots import Spot
from unblocker.explain.sync_only import RUNTIME, access, from_outside, in_a_thread
from unblocker.records.explanation import Fix


def _advise(case: Case) -> Advice:
    why = "This waits for the database, and Django has no async form of it."
    if case.spot is None:
        return Advice(why, (RUNTIME,))
    if case.passes("django/db/transaction.py"):
        return _transaction(why)
    return Advice(why, (*(from_outside(case) or _thread(case.spot)), RUNTIME))


def _transaction(why: str) -> Advice:
    fixes = (
        Fix(
            "Put the whole block into a plain function, and call it in a thread.",
            "await sync_to_async(do_it)()",
        ),
        Fix(
            "Or, on django-unblock's engine, open it with `aatomic` (`from django_unblock import aatomic`).",
            "async with aatomic():",
        ),
    )
    return Advice(why, fixes)


def _thread(spot: Spot) -> tuple[Fix, ...]:
    if isinstance(spot.statement, ast.With | ast.AsyncWith):
        text = "Put the whole block into a plain function, and call it in a thread."
        return (Fix(text, "await sync_to_async(do_it)()"),)
    if isinstance(spot.node, ast.Call):
        return (Fix("Call it in a thread.", in_a_thread(spot, spot.node)),)
    return (
        Fix(
            "Put it into a plain function, and call that in a thread.",
            "await sync_to_async(do_it)()",
        ),
    )


ENTRY = Entry(
    code="U345",
    title="database work without an async form, in async code",
    recognise=lambda case: access(case) == "other",
    advise=_advise,
    examples=(
        Example(
            "atomic",
            code="""\
from django.db import transaction
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    with transaction.atomic():
        order = await Order.objects.aget(pk=1)
    return HttpResponse(order.total)
""",
            expression="transaction.atomic()",
            fix="await sync_to_async(do_it)()",
        ),
        Example(
            "cursor",
            code="""\
from django.db import connection
from django.http import HttpResponse


async def view(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("done")
""",
            expression="connection.cursor()",
            fix="await sync_to_async(do_it)()",
        ),
        Example(
            "form",
            code="""\
from django import forms
from django.http import HttpResponse
from shop.models import Order


class OrderForm(forms.ModelForm):
    class Meta:
        model = Order
        fields = ["customer", "total"]


async def view(request):
    form = OrderForm({"customer": 1, "total": 2})
    if form.is_valid():
        return HttpResponse("valid")
    return HttpResponse("not valid")
""",
            expression="form.is_valid()",
            fix="if await sync_to_async(form.is_valid)():",
        ),
        Example(
            "paginator",
            code="""\
from django.core.paginator import Paginator
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    page = Paginator(Order.objects.order_by("pk"), 10).get_page(1)
    return HttpResponse(len(page.object_list))
""",
            expression='Paginator(Order.objects.order_by("pk"), 10).get_page(1)',
            fix='page = await sync_to_async(Paginator(Order.objects.order_by("pk"), 10).get_page)(1)',
        ),
    ),
)
