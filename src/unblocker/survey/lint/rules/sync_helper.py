"""U310: a synchronous function of the project that does I/O, called by async code."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING

from unblocker.survey.lint.fixes import in_thread
from unblocker.survey.lint.rule import BOTH, Example, Rule
from unblocker.survey.lint.tables import outside_in, tables_in
from unblocker.survey.looking import is_function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.records.survey import Operation
    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit


def check(code: AsyncCode) -> Iterator[Hit]:
    """Helpers, methods and properties; under our runtime only those that wait for more than the database."""
    for node, operation in code.operations():
        if operation.entry == "project.call" and not _is_put_off(code, node):
            does = _does(code, operation)
            if does:
                text = f"{operation.label} {does} in async code"
                yield code.hit(node, text, in_thread(code, node))


def _does(code: AsyncCode, operation: Operation) -> str:
    places = code.setting.helpers.surely_touches(operation)
    tables, outside = tables_in(places), outside_in(places)
    if tables and code.setting.runtime == "stock":
        return f"queries {tables}"
    return f"waits for {outside}" if outside else ""


def _is_put_off(code: AsyncCode, node: ast.expr) -> bool:
    """Whether it is a generator that nothing goes through here."""
    target = code.callee(node) if isinstance(node, ast.Call) else None
    if not is_function(target) or not inspect.isgeneratorfunction(target):
        return False
    match code.parent(node):
        case ast.For() | ast.comprehension():
            return False
        case ast.Call(func=ast.Name(id="list" | "tuple" | "set" | "sorted" | "sum")):
            return False
        case _:
            return True


_HELPER = "def total():\n    return Product.objects.count()\n\n\n"

RULE = Rule(
    "U310",
    "a synchronous helper that does I/O, called by async code",
    BOTH,
    check=check,
    invalid=(
        Example(f'{_HELPER}async def view(request):\n    return JsonResponse({{"n": total()}})\n'),
        Example(
            "async def path(pk):\n"
            "    product = await Product.objects.aget(pk=pk)\n"
            "    return product.path\n"
        ),
        Example(
            "class Chat:\n"
            "    def keep(self, text):\n"
            "        LogEntry.objects.create(text=text)\n"
            "\n"
            "    async def receive(self, text):\n"
            "        self.keep(text)\n"
        ),
        Example(
            "def rates():\n"
            '    return requests.get("https://rates.example/", timeout=5).json()\n'
            "\n"
            "\n"
            "async def view(request):\n"
            "    return JsonResponse(rates())\n"
        ),
        Example(
            "async def stock(product_id):\n"
            "    return await Product.objects.filter(stock=left()).acount()\n"
            "\n"
            "\n"
            "def left():\n"
            "    return Product.objects.total_stock()\n"
        ),
        Example(
            "def names():\n"
            "    for product in Product.objects.all():\n"
            "        yield product.name\n"
            "\n"
            "\n"
            "async def every_name():\n"
            "    return list(names())\n"
        ),
    ),
    valid=(
        Example(
            f"{_HELPER}async def view(request):\n"
            '    return JsonResponse({"n": await sync_to_async(total)()})\n'
        ),
        Example(
            "def double(number):\n"
            "    return number * 2\n"
            "\n"
            "\n"
            "async def view(request):\n"
            '    return JsonResponse({"n": double(2)})\n'
        ),
        Example(
            "def cheap():\n"
            "    return Product.objects.filter(price__lt=10)\n"
            "\n"
            "\n"
            "async def view(request):\n"
            '    return JsonResponse({"n": await cheap().acount()})\n'
        ),
        Example(
            "COUNTS = {}\n"
            "\n"
            "\n"
            "def total():\n"
            '    if "total" not in COUNTS:\n'
            '        COUNTS["total"] = Product.objects.count()\n'
            '    return COUNTS["total"]\n'
            "\n"
            "\n"
            "async def view(request):\n"
            '    return JsonResponse({"n": total()})\n'
        ),
        Example(
            "class Chat:\n"
            "    @sync_to_async\n"
            "    def keep(self, text):\n"
            "        LogEntry.objects.create(text=text)\n"
            "\n"
            "    async def receive(self, text):\n"
            "        await self.keep(text)\n"
        ),
        Example(
            "async def label(pk):\n"
            "    product = await Product.objects.aget(pk=pk)\n"
            "    return product.is_cheap\n"
        ),
        Example(f'{_HELPER}def view(request):\n    return JsonResponse({{"n": total()}})\n'),
    ),
)
