"""`for` over what needs `async for`, and the other way round."""

import ast
import re

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.explain.rewriting import name_of, rewritten
from unblocker.explain.spots import Spot
from unblocker.records.explanation import Fix

_ASYNC = re.compile(
    r"'async_generator' object is not (?:iterable|subscriptable|an iterator)"
    r"|object async_generator can't be used in 'await'"
)
_PLAIN = re.compile(r"'async for' requires an object with __aiter__ method, got (?P<kind>\w+)")


def _advise(case: Case) -> Advice:
    plain = _PLAIN.search(case.report.message)
    if plain:
        why = f"A {plain['kind']} gives its items at once; `async for` is for what waits between them."
        return _to_plain(case, why, plain["kind"])
    why = "An async generator waits between its items, so only `async for` in a coroutine can read it."
    return _to_async(case, why)


def _to_plain(case: Case, why: str, kind: str) -> Advice:
    if case.spot is None or not isinstance(case.spot.statement, ast.AsyncFor):
        return Advice(why, (Fix("Use a plain `for`."),))
    loop = case.spot.statement
    rows = case.spot.segment(loop.iter)
    if kind == "coroutine":
        code = f"for {case.spot.segment(loop.target)} in await {rows}:"
        return Advice(why, (Fix("Await it, and loop over what it gives.", code),), loop.iter)
    code = f"for {case.spot.segment(loop.target)} in {rows}:"
    return Advice(why, (Fix("Use a plain `for`.", code),), loop.iter)


def _to_async(case: Case, why: str) -> Advice:
    found = _rows(case.spot) if case.spot else None
    if case.spot is None or found is None:
        return Advice(
            why, (Fix("Collect it with `async for`.", "rows = [row async for row in …]"),)
        )
    whole, rows, form = found
    code = form if isinstance(whole, ast.stmt) else rewritten(case.spot, whole, form)
    fixes = [Fix("Read it asynchronously.", code)]
    if case.spot.is_async is False:
        fixes.append(Fix(f"For that, make `{case.spot.function}` an `async def`."))
    return Advice(why, tuple(fixes), rows)


def _rows(spot: Spot) -> tuple[ast.expr | ast.stmt, ast.expr, str] | None:
    """What is replaced, what is looped over, and how it should read."""
    if isinstance(spot.statement, ast.For):
        loop = spot.statement
        head = f"async for {spot.segment(loop.target)} in {spot.segment(loop.iter)}:"
        return loop, loop.iter, head
    for one in spot.expressions():
        match one:
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                first = one.generators[0]
                loop_text = f"for {spot.segment(first.target)} in {spot.segment(first.iter)}"
                return (
                    one,
                    first.iter,
                    spot.segment(one).replace(loop_text, f"async {loop_text}", 1),
                )
            case ast.Call(func=ast.Name(), args=[rows]) if name_of(one.func) in (
                "list",
                "tuple",
                "set",
                "sorted",
            ):
                listed = f"[item async for item in {spot.segment(rows)}]"
                whole: ast.expr = one if name_of(one.func) == "list" else rows
                return whole, rows, listed
            case ast.Call(func=ast.Name(id="next"), args=[rows, *_]):
                return one, rows, f"await anext{spot.segment(one)[len('next') :]}"
            case ast.Await(value=rows):
                return one, rows, f"[item async for item in {spot.segment(rows)}]"
            case _:
                continue
    return None


def _is_it(case: Case) -> bool:
    return bool(_ASYNC.search(case.report.message) or _PLAIN.search(case.report.message))


ENTRY = Entry(
    code="U350",
    title="the wrong sort of loop",
    recognise=_is_it,
    advise=_advise,
    examples=(
        Example(
            "generator",
            code="""\
from django.http import JsonResponse
from shop.models import Order


async def totals():
    async for order in Order.objects.all():
        yield order.total


async def view(request):
    return JsonResponse({"totals": list(totals())})
""",
            expression="totals()",
            fix='return JsonResponse({"totals": [item async for item in totals()]})',
        ),
        Example(
            "for",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    total = 0
    for order in Order.objects.aiterator():
        total += order.total
    return HttpResponse(total)
""",
            expression="Order.objects.aiterator()",
            fix="async for order in Order.objects.aiterator():",
        ),
        Example(
            "list",
            code="""\
from django.http import HttpResponse


async def view(request):
    total = 0
    async for number in [1, 2, 3]:
        total += number
    return HttpResponse(total)
""",
            expression="[1, 2, 3]",
            fix="for number in [1, 2, 3]:",
        ),
        Example(
            "next",
            code="""\
from django.http import HttpResponse


async def gen():
    yield 1


async def view(request):
    return HttpResponse(next(gen()))
""",
            expression="gen()",
            fix="return HttpResponse(await anext(gen()))",
        ),
    ),
)
