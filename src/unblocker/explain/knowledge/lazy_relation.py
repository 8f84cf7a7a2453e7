"""A relation or a deferred column that is not loaded yet, read in async code."""

import ast
from collections.abc import Iterator

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.explain.rewriting import may_await, name_of, rewritten, root_of, values_of
from unblocker.explain.spots import Spot
from unblocker.explain.sync_only import RUNTIME, access, from_outside
from unblocker.records.explanation import Fix

_BY_SHORTCUT = frozenset(
    {"get_object_or_404", "aget_object_or_404", "get_list_or_404", "aget_list_or_404"}
)


def _advise(case: Case) -> Advice:
    read = _read(case)
    if case.spot is None or read is None:
        return Advice(_why("the attribute", deferred=False), (*from_outside(case), RUNTIME))
    path = _path(read)
    deferred = case.passes("django/db/models/query_utils.py", "__get__")
    why = _why(f"`{case.spot.segment(read)}`", deferred=deferred)
    if relation := _relation(case, read.attr):
        why += f" {relation}"
    loading = _loading(case.spot, read, path, deferred=deferred)
    return Advice(why, (loading, *_by_itself(case.spot, read), *from_outside(case), RUNTIME), read)


def _why(what: str, *, deferred: bool) -> str:
    loaded = "a column that was not loaded" if deferred else "a relation that is not loaded yet"
    return f"{what} is {loaded}: reading it sends a query, though it looks like a plain attribute."


def _relation(case: Case, name: str) -> str:
    """What the loaded models say of it."""
    found = case.models.named(name)
    told = [f"`{one.model}.{one.name}` is a {one.kind} to `{one.target}`" for one in found]
    return f"{'; '.join(told)}." if told else ""


def _read(case: Case) -> ast.Attribute | None:
    """The attribute that is read: the one marked, or that of the name which Django did not find in its cache."""
    if case.spot is None:
        return None
    if isinstance(case.spot.node, ast.Attribute):
        return case.spot.node
    missing = case.chain[-1].message.strip("'\" ") if case.chain else ""
    reads = [one for one in case.spot.expressions() if isinstance(one, ast.Attribute)]
    named = [one for one in reads if one.attr == missing] or reads
    return named[0] if len({one.attr for one in named}) == 1 else None


def _path(read: ast.Attribute) -> tuple[str, ...]:
    """`("order", "customer")` of `item.order.customer`; empty where it does not start with a local."""
    names: list[str] = []
    node: ast.expr = read
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    return tuple(names) if isinstance(node, ast.Name) and node.id != "self" else ()


def _loading(spot: Spot, read: ast.Attribute, path: tuple[str, ...], *, deferred: bool) -> Fix:
    """Load it with the object."""
    if deferred:
        return _column(spot, read)
    name = "__".join(path or (read.attr,))
    root = root_of(read)
    if not root:
        return _in_place(spot, read)
    text = f"Load it in the query that gets `{root}`."
    for statement, value in values_of(spot, root):
        changed = _with_relation(spot, value, name)
        if changed:
            return Fix(text, f"{_head(spot, statement, value)}{changed}")
    return Fix(text, f'….select_related("{name}")')


def _in_place(spot: Spot, read: ast.Attribute) -> Fix:
    """The query stands before the attribute: `(await Model.objects.aget(…)).relation`."""
    names: list[str] = []
    node: ast.expr = read
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    name = "__".join(names)
    changed = _with_relation(spot, node, name)
    text = "Load it in the query that gets the object."
    return Fix(text, rewritten(spot, node, changed) if changed else f'….select_related("{name}")')


def _column(spot: Spot, read: ast.Attribute) -> Fix:
    text = "Load the column in the query, where `only()` or `defer()` leaves it out."
    for statement, value in values_of(spot, root_of(read)):
        for call in _calls(value):
            if name_of(call.func) == "only" and call.args:
                last = call.args[-1]
                new = f'{spot.segment(last)}, "{read.attr}"'
                return Fix(text, _head(spot, statement, value) + _replaced(spot, value, last, new))
    code = f'await {spot.segment(read.value)}.arefresh_from_db(fields=["{read.attr}"])'
    return Fix(text + " Or load it before this line.", code)


def _head(spot: Spot, statement: ast.stmt, value: ast.expr) -> str:
    """What stands before the value in its statement, on one line: `order = `, `async for item in `."""
    lines = spot.text.splitlines()
    line = lines[value.lineno - 1].encode()[: value.col_offset].decode(errors="replace")
    return line.lstrip() if statement.lineno == value.lineno else ""


def _with_relation(spot: Spot, value: ast.expr, name: str) -> str:
    """The query's source, the relation loaded with it; empty where it is no query that shows."""
    calls = list(_calls(value))
    for call in calls:
        if (
            name_of(call.func) == "select_related"
            and len(call.args) == 1
            and name.startswith(_text(call.args[0]))
        ):
            return _replaced(spot, value, call.args[0], f'"{name}"')
    if not calls:
        return ""
    if name_of(calls[0].func) in _BY_SHORTCUT and calls[0].args:
        first = spot.segment(calls[0].args[0])
        manager = first if "." in first else f"{first}.objects"
        return _replaced(spot, value, calls[0].args[0], f'{manager}.select_related("{name}")')
    return _on_chain(spot, value, calls, name)


def _on_chain(spot: Spot, value: ast.expr, calls: list[ast.Call], name: str) -> str:
    """`select_related` before the last method of `Model.objects.….get(…)`, or behind a queryset's."""
    outer = calls[0].func
    if not isinstance(outer, ast.Attribute) or ".objects" not in spot.segment(outer):
        return ""
    if outer.attr in ("filter", "all", "exclude", "order_by", "select_related", "prefetch_related"):
        return _replaced(
            spot, value, calls[0], f'{spot.segment(calls[0])}.select_related("{name}")'
        )
    manager = outer.value
    return _replaced(spot, value, manager, f'{spot.segment(manager)}.select_related("{name}")')


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "\0"


def _calls(value: ast.expr) -> Iterator[ast.Call]:
    """The calls of a chain `a.b(…).c(…)`, the last first."""
    node: ast.expr = value.value if isinstance(value, ast.Await) else value
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call):
            yield node
        node = node.func if isinstance(node, ast.Call) else node.value


def _replaced(spot: Spot, whole: ast.expr, part: ast.expr, new: str) -> str:
    """The source of `whole` with `new` in the part's place."""
    old = ast.get_source_segment(spot.text, whole) or ""
    piece = ast.get_source_segment(spot.text, part) or ""
    before = _offset(spot, part) - _offset(spot, whole)
    return " ".join((old[:before] + new + old[before + len(piece) :]).split())


def _offset(spot: Spot, node: ast.expr) -> int:
    lines = spot.text.splitlines(keepends=True)
    column = len(lines[node.lineno - 1].encode()[: node.col_offset].decode(errors="ignore"))
    return sum(map(len, lines[: node.lineno - 1])) + column


def _by_itself(spot: Spot, read: ast.Attribute) -> tuple[Fix, ...]:
    """Load it here, in a thread."""
    awaits = any(isinstance(one, ast.Await) for one in ast.walk(read))
    if spot.is_async is False or awaits or not may_await(spot, read):
        return ()
    code = spot.segment(read)
    wanted = f"await sync_to_async(lambda: {code})()"
    return (Fix("Or read it in a thread.", rewritten(spot, read, wanted)),)


ENTRY = Entry(
    code="U341",
    title="a lazy relation or deferred column read in async code",
    recognise=lambda case: access(case) == "relation",
    advise=_advise,
    examples=(
        Example(
            "foreign_key",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    order = await Order.objects.aget(pk=1)
    return HttpResponse(order.customer.name)
""",
            expression="order.customer",
            fix='order = await Order.objects.select_related("customer").aget(pk=1)',
        ),
        Example(
            "two_steps",
            code="""\
from django.http import JsonResponse
from shop.models import Item


async def view(request):
    items = Item.objects.select_related("order")
    names = []
    async for item in items:
        names.append(item.order.customer.name)
    return JsonResponse({"names": names})
""",
            expression="item.order.customer",
            fix='items = Item.objects.select_related("order__customer")',
        ),
        Example(
            "deferred",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    order = await Order.objects.only("customer").afirst()
    return HttpResponse(f"{order.total} pounds")
""",
            expression="order.total",
            fix='order = await Order.objects.only("customer", "total").afirst()',
        ),
        Example(
            "in_one_line",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    return HttpResponse((await Order.objects.aget(pk=1)).customer.name)
""",
            expression="(await Order.objects.aget(pk=1)).customer",
            fix='return HttpResponse((await Order.objects.select_related("customer").aget(pk=1)).customer.name)',
        ),
        Example(
            "lambda",
            code="""\
from django.http import HttpResponse
from shop.models import Order


async def view(request):
    orders = await Order.objects.aget(pk=1)
    return HttpResponse(sorted([orders], key=lambda order: order.customer.name))
""",
            expression="order.customer",
            fix='….select_related("customer")',
        ),
    ),
)
