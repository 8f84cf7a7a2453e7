"""`coroutine '…' was never awaited`: a call of an async function whose result nobody waits for."""

import ast
import re
from collections.abc import Iterator

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.explain.rewriting import name_of, renamed, rewritten
from unblocker.explain.spots import Spot, spot_at
from unblocker.records.explanation import Fix

_MESSAGE = re.compile(r"coroutine '(?P<name>.+?)' was never awaited")


def _advise(case: Case) -> Advice:
    found = _MESSAGE.search(case.report.message)
    name = found["name"].rpartition(".")[2] if found else ""
    why = f"Calling `{name}` only makes a coroutine; what is in it runs when it is awaited. It never ran."
    for spot, call in _calls(case, name):
        return Advice(why, tuple(_fixes(spot, call, name)), call, spot)
    return Advice(
        why, (Fix(f"Find the call of `{name}` that has no `await` before it.", f"await {name}(…)"),)
    )


def _calls(case: Case, name: str) -> Iterator[tuple[Spot, ast.Call]]:
    """The call: on the line that the warning names, above it in its function, or the only one in the project.

    Python warns when the coroutine is thrown away, which may be later than where it was made.
    """
    spot = case.spot
    if spot is not None:
        for call in _unawaited(spot.statement, name):
            yield spot, call
        if spot.definition is not None:
            above = [
                call for call in _unawaited(spot.definition, name) if call.lineno <= spot.place.line
            ]
            for call in reversed(above):
                yield spot_at(spot.place.file, spot.text, call), call
    everywhere = [
        (file, call) for file in case.sources.every() for call in _unawaited(file.tree, name)
    ]
    if len(everywhere) == 1:
        file, call = everywhere[0]
        yield spot_at(file.name, file.text, call), call


def _unawaited(tree: ast.AST | None, name: str) -> Iterator[ast.Call]:
    """Calls of that name with no `await` before them, and that no call gets as an argument."""
    if tree is None:
        return
    awaited = {
        id(inner)
        for node in ast.walk(tree)
        for inner in (
            [node.value]
            if isinstance(node, ast.Await)
            else node.args
            if isinstance(node, ast.Call)
            else []
        )
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node.func) == name and id(node) not in awaited:
            yield node


def _fixes(spot: Spot, call: ast.Call, name: str) -> Iterator[Fix]:
    code = spot.segment(call)
    if spot.is_async is not False:
        yield Fix("Await it.", rewritten(spot, call, f"await {code}"))
        yield Fix(
            "Or, if nobody should wait for it, hand it to django-unblock's `background`, which keeps and drains it.",
            f"background({spot.segment(call.func)}{_arguments(spot, call)})",
        )
        return
    if name.startswith("a") and isinstance(call.func, ast.Attribute):
        yield Fix(
            "The function around it is synchronous: call the synchronous form.",
            rewritten(spot, call, renamed(spot, call, name[1:])),
        )
    thread = f"async_to_sync({spot.segment(call.func)}){code[len(spot.segment(call.func)) :]}"
    yield Fix(f"Or make `{spot.function}` an `async def`, and await it there.", f"await {code}")
    yield Fix("Or wait for it from synchronous code.", rewritten(spot, call, thread))


def _arguments(spot: Spot, call: ast.Call) -> str:
    inner = spot.segment(call)[len(spot.segment(call.func)) + 1 : -1]
    return f", {inner}" if inner else ""


ENTRY = Entry(
    code="U346",
    title="a coroutine that was never awaited",
    recognise=lambda case: _MESSAGE.search(case.report.message) is not None,
    advise=_advise,
    examples=(
        Example(
            "statement",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def notify(order):
    await order.asave()


async def view(request):
    order = await Order.objects.aget(pk=1)
    notify(order)
    return HttpResponse(order.total)
""",
            expression="notify(order)",
            fix="await notify(order)",
        ),
        Example(
            "method",
            code="""\
from django.http import HttpResponse
from shop.models import Order


def view(request):
    order = Order.objects.get(pk=1)
    order.total += 1
    order.asave()
    return HttpResponse(order.total)
""",
            expression="order.asave()",
            fix="order.save()",
        ),
        Example(
            "assigned",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def discount(order):
    return order.total // 10


async def view(request):
    order = await Order.objects.aget(pk=1)
    less = discount(order)
    order.total = 1
    return HttpResponse(order.total)
""",
            expression="discount(order)",
            fix="less = await discount(order)",
        ),
    ),
)
