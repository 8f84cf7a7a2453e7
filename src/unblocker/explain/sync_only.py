"""SynchronousOnlyOperation: which sort of access to the database Django refused, by the first call below the spot."""

import ast
from typing import Literal

from unblocker.explain.async_forms import async_form
from unblocker.explain.case import Case
from unblocker.explain.reports import Frame
from unblocker.explain.rewriting import rewritten
from unblocker.explain.spots import Spot
from unblocker.records.explanation import Fix

type Access = Literal["call", "relation", "evaluation", "template", "request", "other"]

RUNTIME = Fix(
    "Or leave the code as it is: with django-unblock's database engine and its ASGI application the synchronous ORM "
    "does not block the event loop, and this is no error."
)
_PASSED_THROUGH = (
    ("django/db/models/manager.py", "manager_method"),
    ("django/utils/asyncio.py", "inner"),
    ("contextlib.py", ""),
    ("functools.py", ""),
)
_DESCRIPTORS = (
    "django/db/models/fields/related_descriptors.py",
    "django/db/models/query_utils.py",
    "django/contrib/contenttypes/fields.py",
)


def is_sync_only(case: Case) -> bool:
    """Whether Django refused a query because an event loop runs in the thread."""
    return (
        case.report.name == "SynchronousOnlyOperation"
        or "You cannot call this from an async context" in case.report.message
    )


def access(case: Case) -> Access | None:
    """What was tried; None for any other error."""
    if not is_sync_only(case):
        return None
    first = first_call(case)
    if first is None:
        return "other"
    file, function = first.file.replace("\\", "/"), first.function
    if "/django/template/" in file or (
        file.endswith("django/shortcuts.py") and function == "render"
    ):
        return "template"
    if file.endswith("django/template/response.py"):
        return "template"
    if "django/contrib/sessions/backends/" in file or "django/contrib/auth/middleware" in file:
        return "request"
    if file.endswith("django/utils/functional.py") and case.passes("contrib/auth/middleware.py"):
        return "request"
    if function == "__get__" and file.endswith(_DESCRIPTORS):
        return "relation"
    if function.startswith("__") and file.endswith("django/db/models/query.py"):
        return "evaluation"
    return "call" if async_form(first) else "other"


def first_call(case: Case) -> Frame | None:
    """The first call below the spot that is not only passed through."""
    for frame in case.called:
        path = frame.file.replace("\\", "/")
        if not any(
            path.endswith(file) and function in ("", frame.function)
            for file, function in _PASSED_THROUGH
        ):
            return frame
    return None


def in_a_thread(spot: Spot, call: ast.Call) -> str:
    """The line with the call made in a thread."""
    function = spot.segment(call.func)
    arguments = spot.segment(call)[len(function) :]
    return rewritten(spot, call, f"await sync_to_async({function}){arguments}")


def from_outside(case: Case) -> tuple[Fix, ...]:
    """Where the spot is in a synchronous function: what to do at the line that calls it."""
    spot, outer = case.spot, case.outer
    if spot is None or spot.is_async is not False or not spot.definition:
        return ()
    name = spot.definition.name
    text = f"`{name}` is a plain function, so no `await` can stand in it. Call it in a thread"
    if outer is not None and isinstance(outer.node, ast.Call):
        return (Fix(f"{text} at {outer.place}.", in_a_thread(outer, outer.node)),)
    if outer is not None and isinstance(outer.node, ast.Attribute):
        code = f"await sync_to_async(lambda: {outer.segment(outer.node)})()"
        return (Fix(f"{text} at {outer.place}.", rewritten(outer, outer.node, code)),)
    return (Fix(f"{text}.", f"await sync_to_async({name})(…)"),)
