"""A queryset that runs its query because Python looks into it: `for`, `list`, `if`, `len`, `in`, `[0]`."""

import ast

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.explain.rewriting import name_of, rewritten
from unblocker.explain.spots import Spot
from unblocker.explain.sync_only import RUNTIME, access, first_call, from_outside
from unblocker.records.explanation import Fix

_CONSUMERS = frozenset(
    {
        "list",
        "tuple",
        "set",
        "sorted",
        "sum",
        "min",
        "max",
        "any",
        "all",
        "dict",
        "enumerate",
        "zip",
    }
)


def _advise(case: Case) -> Advice:
    frame = first_call(case)
    how = frame.function if frame else "__iter__"
    why = (
        f"A queryset sends its query when Python looks into it ({_means(how)}). In a coroutine that would stop "
        "the event loop, so Django refuses."
    )
    if case.spot is None:
        return Advice(why, (RUNTIME,))
    outside = from_outside(case)
    if outside:
        return Advice(why, (*outside, RUNTIME))
    found = _in_line(case.spot)
    if found is None:
        fallback = Fix("Fetch the rows first.", "rows = [row async for row in queryset]")
        return Advice(why, (fallback, RUNTIME))
    node, fix = found
    return Advice(why, (fix, RUNTIME), node)


def _means(how: str) -> str:
    return {
        "__len__": "here: its length",
        "__bool__": "here: whether it is true",
        "__getitem__": "here: one of its items",
        "__repr__": "here: to print it",
        "__contains__": "here: what is in it",
    }.get(how, "here: its rows")


def _in_line(spot: Spot) -> tuple[ast.expr, Fix] | None:
    """The expression that is a queryset, and the line as it should be; by the statement around what is marked."""
    statement, marked = spot.statement, spot.node
    if isinstance(statement, ast.For) and marked in (statement.iter, None):
        code = spot.segment(statement.iter)
        head = f"async for {spot.segment(statement.target)} in {code}:"
        return statement.iter, Fix("Loop with `async for`.", head)
    if isinstance(statement, ast.If | ast.While) and marked in (statement.test, None):
        return _truth(spot, statement.test)
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Tuple | ast.List):
        text = "Collect the rows with `async for`."
        return _becomes(spot, statement.value, statement.value, text, "[row async for row in {}]")
    for one in spot.expressions():
        found = _comprehension(spot, one, marked) or _used(spot, one, marked)
        if found:
            return found
    return None


def _truth(spot: Spot, test: ast.expr) -> tuple[ast.expr, Fix] | None:
    inner = test.operand if isinstance(test, ast.UnaryOp) else test
    if not isinstance(inner, ast.Name | ast.Attribute | ast.Call):
        return None
    code = rewritten(spot, inner, f"await {spot.segment(inner)}.aexists()")
    return inner, Fix("Ask the database whether there are rows.", code)


def _comprehension(
    spot: Spot, one: ast.expr, marked: ast.expr | None
) -> tuple[ast.expr, Fix] | None:
    if not isinstance(one, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        return None
    first = one.generators[0]
    if marked not in (first.iter, one, None):
        return None
    element, rows = spot.segment(one), spot.segment(first.iter)
    loop = f"for {spot.segment(first.target)} in {rows}"
    code = rewritten(spot, one, element.replace(loop, f"async {loop}", 1))
    return first.iter, Fix("Loop with `async for`.", code)


def _used(spot: Spot, one: ast.expr, marked: ast.expr | None) -> tuple[ast.expr, Fix] | None:
    """`list(rows)`, `len(rows)`, `x in rows`, `rows[0]`."""
    if marked not in (one, None) and marked not in ast.walk(one):
        return None
    match one:
        case ast.Call(func=ast.Name(id="len"), args=[rows]):
            return _becomes(spot, one, rows, "Count in the database.", "await {}.acount()")
        case ast.Call(func=ast.Name(id="bool"), args=[rows]):
            return _becomes(
                spot, one, rows, "Ask the database whether there are rows.", "await {}.aexists()"
            )
        case ast.Call(func=ast.Name(id="list"), args=[rows]):
            return _becomes(
                spot, one, rows, "Collect the rows with `async for`.", "[row async for row in {}]"
            )
        case ast.Call(args=[rows, *_]) if name_of(one.func) in _CONSUMERS:
            return _becomes(
                spot,
                rows,
                rows,
                "Collect the rows with `async for` first.",
                "[row async for row in {}]",
            )
        case ast.Compare(left=left, ops=[ast.In()], comparators=[rows]):
            item = spot.segment(left)
            return _becomes(
                spot,
                one,
                rows,
                "Ask the database whether it is among them.",
                f"await {{}}.acontains({item})",
            )
        case ast.BoolOp(values=[rows, *_]):
            return rows, Fix(
                "Ask the database whether there are rows.", f"await {spot.segment(rows)}.aexists()"
            )
        case ast.Subscript(value=rows, slice=ast.Constant(value=0)):
            return _becomes(
                spot,
                one,
                rows,
                "Fetch the first row; `afirst` gives None where there is none.",
                "await {}.afirst()",
            )
        case ast.Subscript(value=rows):
            return _becomes(
                spot, one, one, "Fetch the slice with `async for`.", "[row async for row in {}]"
            )
        case _:
            return None


def _becomes(
    spot: Spot, whole: ast.expr, rows: ast.expr, text: str, form: str
) -> tuple[ast.expr, Fix]:
    return whole, Fix(text, rewritten(spot, whole, form.format(spot.segment(rows))))


ENTRY = Entry(
    code="U342",
    title="a queryset evaluated in async code",
    recognise=lambda case: access(case) == "evaluation",
    advise=_advise,
    examples=(
        Example(
            "for",
            code="""\
from django.http import JsonResponse
from shop.models import Order


async def view(request):
    orders = Order.objects.filter(total=0)
    totals = []
    for order in orders:
        totals.append(order.total)
    return JsonResponse({"totals": totals})
""",
            expression="orders",
            fix="async for order in orders:",
        ),
        Example(
            "list",
            code="""\
from django.http import JsonResponse
from shop.models import Order


async def view(request):
    orders = list(Order.objects.values("total"))
    return JsonResponse({"orders": orders})
""",
            expression='list(Order.objects.values("total"))',
            fix='orders = [row async for row in Order.objects.values("total")]',
        ),
        Example(
            "if",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    orders = Order.objects.filter(total=0)
    if orders:
        return HttpResponse("some")
    return HttpResponse("none")
""",
            expression="orders",
            fix="if await orders.aexists():",
        ),
        Example(
            "len",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    order = await Order.objects.aget(pk=1)
    return HttpResponse(len(order.items.all()))
""",
            expression="len(order.items.all())",
            fix="return HttpResponse(await order.items.all().acount())",
        ),
        Example(
            "comprehension",
            code="""\
from django.http import JsonResponse
from shop.models import Order


async def view(request):
    return JsonResponse({"totals": [order.total for order in Order.objects.all()]})
""",
            expression="Order.objects.all()",
            fix='return JsonResponse({"totals": [order.total async for order in Order.objects.all()]})',
        ),
        Example(
            "index",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    newest = Order.objects.order_by("-pk")[0]
    return HttpResponse(newest.total)
""",
            expression='Order.objects.order_by("-pk")[0]',
            fix='newest = await Order.objects.order_by("-pk").afirst()',
        ),
        Example(
            "in",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    order = await Order.objects.aget(pk=1)
    return HttpResponse(order in Order.objects.filter(total=0))
""",
            expression="order in Order.objects.filter(total=0)",
            fix="return HttpResponse(await Order.objects.filter(total=0).acontains(order))",
        ),
        Example(
            "property",
            code="""\
from django.http import JsonResponse
from shop.models import Order


class Basket:
    def __init__(self, order):
        self.order = order

    @property
    def names(self):
        return [item.name for item in self.order.items.all()]


async def view(request):
    order = await Order.objects.aget(pk=1)
    return JsonResponse({"names": Basket(order).names})
""",
            expression="self.order.items.all()",
            fix='return JsonResponse({"names": await sync_to_async(lambda: Basket(order).names)()})',
        ),
        Example(
            "unpacked",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    first, *rest = Order.objects.all()
    return HttpResponse(first.total)
""",
            expression="Order.objects.all()",
            fix="first, *rest = [row async for row in Order.objects.all()]",
        ),
        Example(
            "or",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    orders = Order.objects.filter(total=1) or Order.objects.all()
    return HttpResponse("x")
""",
            expression="Order.objects.filter(total=1)",
            fix="await Order.objects.filter(total=1).aexists()",
        ),
        Example(
            "generator",
            code="""\
from django.http import StreamingHttpResponse
from shop.models import Order


async def view(request):
    return StreamingHttpResponse(order.total for order in Order.objects.all())
""",
            expression="Order.objects.all()",
            fix="return StreamingHttpResponse(order.total async for order in Order.objects.all())",
        ),
    ),
)
