"""A coroutine used as if it were what it gives: an `await` is missing where it was made."""

import ast
import re
from collections.abc import Iterator

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.explain.rewriting import name_of, rewritten, values_of
from unblocker.explain.spots import Spot, spot_at
from unblocker.records.explanation import Fix

_MESSAGE = re.compile(
    r"'coroutine' object (?:has no attribute|is not|does not)|Object of type coroutine is not"
    r"|argument of type 'coroutine'|'coroutine' and '|' and 'coroutine'|not '?coroutine'?$"
)


def _advise(case: Case) -> Advice:
    why = (
        "A coroutine is not yet what it gives: without `await`, the function has not even started."
    )
    unknown = Advice(
        why, (Fix("Find where the value comes from, and await it there.", "… = await …"),)
    )
    spot = case.spot
    if spot is None:
        return unknown
    for value in _operands(spot, is_raised_here=not case.called):
        if isinstance(value, ast.Call):
            code = f"await {spot.segment(value)}"
            return Advice(why, (Fix("Await it.", rewritten(spot, value, code)),), value)
        if isinstance(value, ast.Name) and (made := _made(spot, value.id)):
            there, call = made
            text = f"Await it where `{value.id}` is assigned, in line {call.lineno}."
            fix = Fix(text, rewritten(there, call, f"await {there.segment(call)}"))
            return Advice(why, (fix,), value)
    return unknown


def _made(spot: Spot, name: str) -> tuple[Spot, ast.Call] | None:
    """The call without `await` that the local was assigned."""
    for _, value in values_of(spot, name):
        if isinstance(value, ast.Call) and _may_be_async(spot, value):
            return spot_at(spot.place.file, spot.text, value), value
        if not isinstance(value, ast.Await):
            return None
    return None


def _may_be_async(spot: Spot, call: ast.Call) -> bool:
    """Whether the function is an `async def` of the same file, or none that the file tells anything of."""
    name = name_of(call.func)
    if name[:1].isupper():
        return False
    found = re.search(rf"^\s*(async )?def {re.escape(name)}\(", spot.text, re.MULTILINE)
    return found is None or found[1] is not None


def _operands(spot: Spot, *, is_raised_here: bool) -> Iterator[ast.expr]:
    """What may be the coroutine: the owner of an attribute or item, a loop's rows, an operand, an argument."""
    for one in spot.expressions():
        match one:
            case ast.Attribute(value=value) | ast.Subscript(value=value):
                yield value
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                yield one.generators[0].iter
            case ast.Compare(left=left, comparators=others):
                yield from (left, *others)
            case ast.BinOp(left=left, right=right):
                yield from (left, right)
            case ast.Dict(values=values):
                yield from values
            case ast.Call(args=arguments):
                yield from (argument for argument in arguments if isinstance(argument, ast.Name))
            case _:
                continue
    if isinstance(spot.statement, ast.For):
        yield spot.statement.iter
    if is_raised_here and isinstance(spot.node, ast.Call | ast.Name):
        yield spot.node


ENTRY = Entry(
    code="U348",
    title="a coroutine used as if it were its result",
    recognise=lambda case: _MESSAGE.search(case.report.message) is not None,
    advise=_advise,
    examples=(
        Example(
            "attribute",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    order = Order.objects.aget(pk=1)
    return HttpResponse(order.total)
""",
            expression="order",
            fix="order = await Order.objects.aget(pk=1)",
        ),
        Example(
            "direct",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    return HttpResponse(Order.objects.afirst().total)
""",
            expression="Order.objects.afirst()",
            fix="return HttpResponse((await Order.objects.afirst()).total)",
        ),
        Example(
            "iterated",
            code="""\
from django.http import JsonResponse


async def cart(request):
    return [1, 2]


async def view(request):
    prices = [price * 2 for price in cart(request)]
    return JsonResponse({"prices": prices})
""",
            expression="cart(request)",
            fix="prices = [price * 2 for price in await cart(request)]",
        ),
        Example(
            "subscript",
            code="""\
from django.http import JsonResponse
from django.db.models import Sum
from shop.models import Order


async def view(request):
    total = Order.objects.aaggregate(total=Sum("total"))["total"]
    return JsonResponse({"total": total})
""",
            expression='Order.objects.aaggregate(total=Sum("total"))',
            fix='total = (await Order.objects.aaggregate(total=Sum("total")))["total"]',
        ),
        Example(
            "compared",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    orders = Order.objects.acount()
    if orders > 10:
        return HttpResponse("many")
    return HttpResponse("few")
""",
            expression="orders",
            fix="orders = await Order.objects.acount()",
        ),
        Example(
            "json",
            code="""\
from django.http import JsonResponse
from shop.models import Order


async def view(request):
    orders = Order.objects.acount()
    return JsonResponse({"orders": orders})
""",
            expression="orders",
            fix="orders = await Order.objects.acount()",
        ),
    ),
)
