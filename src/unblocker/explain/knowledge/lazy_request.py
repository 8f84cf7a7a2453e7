"""`request.user` and `request.session` in async code: both are loaded when they are first looked at."""

import ast

from unblocker.explain.case import Case
from unblocker.explain.knowledge.base import Advice, Entry, Example
from unblocker.explain.rewriting import name_of, renamed, rewritten
from unblocker.explain.spots import Spot
from unblocker.explain.sync_only import RUNTIME, access, from_outside
from unblocker.records.explanation import Fix


def _advise(case: Case) -> Advice:
    user = case.passes("contrib/auth/middleware.py")
    what = "`request.user`" if user else "`request.session`"
    why = f"{what} is loaded from the database when it is first looked at, which is here."
    if case.spot is None:
        return Advice(why, (RUNTIME,))
    found = _user(case.spot) if user else _session(case.spot)
    outside = from_outside(case)
    if found is None:
        return Advice(why, (*outside, RUNTIME))
    node, fix = found
    return Advice(why, (*(outside or (fix,)), RUNTIME), node)


def _user(spot: Spot) -> tuple[ast.expr, Fix] | None:
    for one in spot.expressions():
        if isinstance(one, ast.Attribute) and one.attr == "user":
            code = rewritten(spot, one, f"await {spot.segment(one.value)}.auser()")
            return one, Fix("Ask for the user with `auser`.", code)
    return None


def _session(spot: Spot) -> tuple[ast.expr, Fix] | None:
    for one in spot.expressions():
        match one:
            case ast.Call(func=ast.Attribute(value=owner, attr=name)) if (
                name_of(owner) == "session"
            ):
                code = rewritten(spot, one, f"await {renamed(spot, one, f'a{name}')}")
            case ast.Subscript(value=owner, slice=key, ctx=ast.Load()) if (
                name_of(owner) == "session"
            ):
                session, wanted = spot.segment(owner), spot.segment(key)
                code = rewritten(spot, one, f"await {session}.aget({wanted})")
            case _:
                continue
        return one, Fix("The session's methods have async forms.", code)
    return None


ENTRY = Entry(
    code="U344",
    title="the user or the session read in async code",
    recognise=lambda case: access(case) == "request",
    advise=_advise,
    examples=(
        Example(
            "user",
            code="""\
from django.http import HttpResponse


async def view(request):
    if request.user.is_authenticated:
        return HttpResponse("Welcome back")
    return HttpResponse("Hello")
""",
            expression="request.user",
            fix="if (await request.auser()).is_authenticated:",
        ),
        Example(
            "session",
            code="""\
from django.http import HttpResponse


async def view(request):
    return HttpResponse(request.session.get("cart", ""))
""",
            expression='request.session.get("cart", "")',
            fix='return HttpResponse(await request.session.aget("cart", ""))',
        ),
        Example(
            "item",
            code="""\
from django.http import HttpResponse


async def view(request):
    seen = request.session["_auth_user_id"]
    return HttpResponse(seen)
""",
            expression='request.session["_auth_user_id"]',
            fix='seen = await request.session.aget("_auth_user_id")',
        ),
    ),
)
