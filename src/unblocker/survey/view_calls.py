"""Calls of a class-based view that the project keeps in a variable: `login = LoginView.as_view()`."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING

from django.views.generic import View as DjangoView

from unblocker.survey.class_views import roles
from unblocker.survey.looking import look
from unblocker.survey.querysets import Arguments
from unblocker.survey.values import INERT, UNKNOWN, Method, Object, Value

if TYPE_CHECKING:
    import ast

    from unblocker.survey.frame import Frame

_AS_VIEW = DjangoView.as_view.__func__.__code__.co_qualname  # type: ignore[attr-defined]  # it is a class method


def view_class(target: object) -> type | None:
    """The class behind what `as_view()` has made; None of anything else."""
    cls = look(target, "view_class")
    if not isinstance(target, FunctionType) or not isinstance(cls, type):
        return None
    return cls if target.__code__.co_qualname.startswith(f"{_AS_VIEW}.") else None


def call_view(frame: Frame, node: ast.expr, target: object, cls: type, given: Arguments) -> Value:
    """The response of the view; what each of its methods does is put on record, as any of them may be asked."""
    from unblocker.survey.methods import call_method

    frame.opaque()
    request = given.get(0, "request") or UNKNOWN
    asked = Arguments((request,), {}, open=True, rest=INERT)
    names = ["dispatch"] if look(cls, "setup") is DjangoView.setup else ["setup", "dispatch"]
    for role in roles(target, cls, frame.world.owns):
        receiver = Object(cls, frame.identity(node), role)
        with frame.perhaps(), frame.within(role.handler), frame.implied():
            for name in names:
                call_method(frame, node, Method(receiver, name), asked)
    return INERT
