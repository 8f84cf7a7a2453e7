"""U311: a coroutine that nobody awaits."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from unblocker.survey.lint.rule import BOTH, Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit

_LOOKING = frozenset(
    {"len", "list", "tuple", "set", "str", "repr", "bool", "int", "float", "sum", "sorted", "print"}
)


def check(code: AsyncCode) -> Iterator[Hit]:
    """Dropped, looked at as if it were the result, or bound to a name of which only that is made."""
    for call in code.calls():
        if code.is_coroutine(call) and _is_lost(code, call):
            called = code.called(call)
            yield code.hit(call, f"{called}() is never awaited", f"await {code.text(call)}")


def _is_lost(code: AsyncCode, call: ast.Call) -> bool:
    match code.parent(call):
        case ast.Expr():
            return True
        case ast.Assign(targets=[ast.Name(id=name)]):
            looked_at = all(_is_looked_at(code, use) for use in _uses(code, name))
            return looked_at and _is_only_here(code, name)
        case _:
            return _is_looked_at(code, call)


def _uses(code: AsyncCode, name: str) -> list[ast.Name]:
    """Where the name is read, in nested functions too."""
    return [
        node
        for node in ast.walk(code.node)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
    ]


def _is_only_here(code: AsyncCode, name: str) -> bool:
    """Whether the name is bound once, and is the function's own."""
    stores = [
        node
        for node in ast.walk(code.node)
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
    ]
    others = (node for node in code.nodes(ast.Global, ast.Nonlocal) if name in node.names)
    return len(stores) == 1 and next(others, None) is None


def _is_looked_at(code: AsyncCode, node: ast.expr) -> bool:
    """Whether something is done with it that only its result can do."""
    match code.parent(node):
        case ast.Attribute() | ast.FormattedValue() | ast.Compare() | ast.BinOp():
            return not _is_coroutines_own(code.parent(node))
        case ast.Subscript(value=value):
            return value is node
        case ast.UnaryOp(op=ast.Not()):
            return True
        case (
            ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.Assert(test=test)
        ):
            return test is node
        case ast.For(iter=rows) | ast.comprehension(iter=rows):
            return rows is node
        case ast.Call(func=ast.Name(id=name), args=given) if node in given:
            return name in _LOOKING and name not in code.namespace and hasattr(builtins, name)
        case _:
            return False


def _is_coroutines_own(parent: ast.AST | None) -> bool:
    return isinstance(parent, ast.Attribute) and parent.attr in ("send", "throw", "close")


RULE = Rule(
    "U311",
    "a coroutine that is never awaited",
    BOTH,
    check=check,
    invalid=(
        Example('async def add():\n    Product.objects.acreate(name="a")\n'),
        Example(
            "async def name(pk):\n"
            "    product = Product.objects.aget(pk=pk)\n"
            "    return product.name\n"
        ),
        Example("async def name(pk):\n    return Product.objects.aget(pk=pk).name\n"),
        Example(
            "async def known(pk):\n"
            "    if Product.objects.filter(pk=pk).aexists():\n"
            '        return "yes"\n'
        ),
        Example(
            "async def notify():\n"
            "    await asyncio.sleep(0)\n"
            "\n"
            "\n"
            "async def view(request):\n"
            "    notify()\n"
            "    return JsonResponse({})\n"
        ),
        Example(
            'async def rename(product: Product):\n    product.name = "b"\n    product.asave()\n'
        ),
        Example("async def pause():\n    asyncio.sleep(1)\n"),
        Example("async def tag(product: Product, tag: Tag):\n    product.tags.aadd(tag)\n"),
        Example(
            "@sync_to_async\n"
            "def keep(text):\n"
            "    LogEntry.objects.create(text=text)\n"
            "\n"
            "\n"
            "async def receive(text):\n"
            "    keep(text)\n"
        ),
    ),
    valid=(
        Example('async def add():\n    await Product.objects.acreate(name="a")\n'),
        Example(
            "async def both():\n"
            "    return await asyncio.gather(asyncio.sleep(1), asyncio.sleep(2))\n"
        ),
        Example(
            "async def later(pk):\n"
            "    wanted = Product.objects.aget(pk=pk)\n"
            "    product = await wanted\n"
            "    return product.name\n"
        ),
        Example(
            "async def numbers(given):\n"
            "    async def each():\n"
            "        for number in given:\n"
            "            yield number\n"
            "\n"
            "    return [number async for number in each()]\n"
        ),
        Example("def get(pk):\n    return Product.objects.aget(pk=pk)\n"),
        Example("async def get(pk):\n    return Product.objects.aget(pk=pk)\n"),
        Example(
            "async def tasks():\n"
            "    waiting = [asyncio.sleep(1)]\n"
            "    waiting.append(asyncio.sleep(2))\n"
            "    await asyncio.gather(*waiting)\n"
        ),
        Example(
            "async def tasks():\n"
            "    async with asyncio.TaskGroup() as group:\n"
            "        group.create_task(asyncio.sleep(1))\n"
        ),
        Example(
            "async def timed():\n    return await asyncio.wait_for(asyncio.sleep(1), timeout=2)\n"
        ),
        Example(
            "async def maybe(pk):\n"
            "    wanted = None\n"
            "    if pk:\n"
            "        wanted = Product.objects.aget(pk=pk)\n"
            "    if wanted:\n"
            "        return await wanted\n"
        ),
    ),
)
