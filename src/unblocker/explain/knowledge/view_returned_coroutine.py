"""A view that returns a coroutine instead of a response: most often through a decorator that does not await."""

import ast
import re

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.explain.rewriting import rewritten
from unblocker.explain.spots import Spot, spot_at
from unblocker.records.explanation import Fix

_MESSAGE = re.compile(
    r"The view (?P<view>[\w.<>]+) didn't return .* returned an unawaited coroutine"
)


def _advise(case: Case) -> Advice:
    found = _MESSAGE.search(case.report.message)
    view = found["view"] if found else "view"
    name = view.rpartition(".")[2]
    why = f"`{name}` hands back the coroutine of another async function, and Django does not await it a second time."
    definition = _definition(case, view)
    if definition is None:
        text = f"In `{view}`, await what is returned; a decorator around an async view must be `async def` too."
        return Advice(why, (Fix(text, "return await …"),))
    spot, call, is_async = definition
    code = rewritten(spot, call, f"await {spot.segment(call)}")
    if is_async:
        return Advice(why, (Fix("Await it.", code),), call, spot)
    text = (
        f"Make `{name}` an `async def` and await there; or let `iscoroutinefunction(view)` choose."
    )
    return Advice(why, (Fix(text, code),), call, spot)


def _definition(case: Case, view: str) -> tuple[Spot, ast.Call, bool] | None:
    """The last `return f(…)` of the function that Django names, which may be a decorator's inner one."""
    module, _, name = view.rpartition(".")
    source = case.sources.find(f"{module.replace('.', '/')}.py")
    if source is None:
        return None
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and isinstance(inner.value, ast.Call):
                    spot = spot_at(source.name, source.text, inner.value)
                    return spot, inner.value, isinstance(node, ast.AsyncFunctionDef)
    return None


ENTRY = Entry(
    code="U349",
    title="a view that returns a coroutine",
    recognise=lambda case: _MESSAGE.search(case.report.message) is not None,
    advise=_advise,
    examples=(
        Example(
            "wrapper",
            code="""\
from django.http import HttpResponse


def audited(view):
    def wrapper(request):
        return view(request)

    return wrapper


@audited
async def view(request):
    return HttpResponse("done")
""",
            expression="view(request)",
            fix="return await view(request)",
        ),
        Example(
            "returned",
            code="""\
from django.http import HttpResponse


async def answer(request):
    return HttpResponse("done")


async def view(request):
    return answer(request)
""",
            expression="answer(request)",
            fix="return await answer(request)",
        ),
    ),
)
