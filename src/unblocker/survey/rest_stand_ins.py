"""What the views of Django REST framework ask for each of a list of classes: who asks, whether they may, which rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps

from unblocker.records.survey import Location
from unblocker.survey import models as facts
from unblocker.survey.attributes import attribute
from unblocker.survey.effects import present, read_rows, row
from unblocker.survey.harmless import module_of
from unblocker.survey.looking import static_attribute
from unblocker.survey.methods import call_method
from unblocker.survey.operations import UNKNOWN_LOCATION, operation
from unblocker.survey.project_calls import invoke_method
from unblocker.survey.querysets import Arguments, from_manager
from unblocker.survey.values import (
    INERT,
    NEVER,
    NONE,
    UNKNOWN,
    Inert,
    Instance,
    Items,
    Live,
    Manager,
    Method,
    Object,
    QuerySet,
    Request,
    Value,
)

if TYPE_CHECKING:
    import ast

    from unblocker.survey.frame import Frame
    from unblocker.survey.world import StandIn

_FRAMEWORK = "rest_framework."
_NOTHING = Arguments((), {}, open=False)


def _dispatch(frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments) -> Value:
    """`APIView.dispatch`: what comes before the handler, the handler, and what the project adds behind it."""
    if not isinstance(receiver, Object) or receiver.role is None:
        return UNKNOWN
    request = Arguments((_request(receiver),), {}, open=True, rest=INERT)
    if _is_own(frame, receiver, "initialize_request"):
        call_method(frame, node, Method(receiver, "initialize_request"), given)
    call_method(frame, node, Method(receiver, "initial"), request)
    response = call_method(frame, node, Method(receiver, receiver.role.handler), request)
    if _is_own(frame, receiver, "handle_exception"):
        with frame.perhaps():
            passed = Arguments((INERT,), {}, open=False)
            call_method(frame, node, Method(receiver, "handle_exception"), passed)
    if _is_own(frame, receiver, "finalize_response"):
        whole = Arguments((_request(receiver), response), {}, open=True, rest=INERT)
        call_method(frame, node, Method(receiver, "finalize_response"), whole)
    return response


def _request(receiver: Object) -> Request:
    return Request(f"{receiver.identity}.request")


def _is_own(frame: Frame, receiver: Object, name: str) -> bool:
    return frame.world.owns(static_attribute(receiver.cls, name))


def _nothing(frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments) -> Value:
    """It looks at the request, in memory."""
    del node, receiver, given
    frame.opaque()
    return INERT


def _pair(frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments) -> Value:
    """A renderer and its media type, a version and its scheme."""
    _nothing(frame, node, receiver, given)
    return Items(INERT, (INERT, INERT), 2)


def _authenticate(frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments) -> Value:
    """`request.user` is asked for, so each way to find out who asks is tried until one does."""
    del given
    if not isinstance(receiver, Object):
        return UNKNOWN
    classes = _classes(frame, node, receiver, "get_authenticators")
    if classes is None:
        _unknown(frame, node, "get_authenticators")
    for at, cls in enumerate(classes or ()):
        if at:
            with frame.perhaps():
                _try(frame, node, receiver, cls)
        else:
            _try(frame, node, receiver, cls)
    for path in ("user", "session"):
        frame.fetch(f"{receiver.identity}.request.{path}")
    return INERT


def _try(frame: Frame, node: ast.expr, receiver: Object, cls: type) -> None:
    """One authentication class."""
    method = static_attribute(cls, "authenticate")
    request = _request(receiver)
    if frame.world.owns(method):
        passed = Arguments((request,), {}, open=False)
        invoke_method(frame, node, method, passed, Object(cls), implicit=True)
        return
    match _defined_as(cls, "authenticate"):
        case "rest_framework.authentication.SessionAuthentication":
            user = attribute(frame, node, request, "user")
            if isinstance(user, Instance):
                present(frame, node, user)
        case "rest_framework.authentication.TokenAuthentication":
            _find_token(frame, node, cls)
        case "rest_framework.authentication.BasicAuthentication":
            with frame.perhaps():
                frame.operate(node, _reading(frame, "password", frame.world.facts.user_reads))
        case "rest_framework.authentication.RemoteUserAuthentication":
            frame.operate(node, _reading(frame, "remote user", frame.world.facts.user_reads))
        case _:
            _unknown(frame, node, f"{cls.__name__}.authenticate")


def _defined_as(cls: type, name: str) -> str:
    """The class that defines the method, by its dotted name."""
    owner = next((base for base in cls.__mro__ if name in vars(base)), cls)
    return f"{owner.__module__}.{owner.__qualname__}"


def _find_token(frame: Frame, node: ast.expr, cls: Any) -> None:
    """The token that the request carries, with its user; a request without one asks nothing."""
    model = cls.model
    if model is None and apps.is_installed("rest_framework.authtoken"):
        model = apps.get_model("authtoken", "Token")
    if model is None:
        _unknown(frame, node, f"{cls.__name__}.authenticate")
        return
    tables = facts.own_tables(model) | facts.own_tables(frame.world.facts.user_model)
    with frame.perhaps():
        frame.operate(node, _reading(frame, model.__name__, tuple(sorted(tables))))


def _reading(frame: Frame, label: str, reads: tuple[Location, ...]) -> Any:
    del frame
    return operation("rest_framework.authenticate", "query", label, reads=reads, implicit=True)


def _permit(frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments) -> Value:
    """`check_permissions`: each class is asked until one says no."""
    del given
    return _ask(frame, node, receiver, "has_permission", ())


def _permit_object(frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments) -> Value:
    """`check_object_permissions`."""
    return _ask(frame, node, receiver, "has_object_permission", (given.get(1, "obj") or UNKNOWN,))


def _ask(
    frame: Frame, node: ast.expr, receiver: Value | None, name: str, more: tuple[Value, ...]
) -> Value:
    if not isinstance(receiver, Object):
        return UNKNOWN
    classes = _classes(frame, node, receiver, "get_permissions")
    if classes is None:
        _unknown(frame, node, "get_permissions")
    given = Arguments((_request(receiver), receiver, *more), {}, open=False)
    for cls in classes or ():
        method = static_attribute(cls, name)
        if frame.world.follows(method):
            invoke_method(frame, node, method, given, Object(cls), implicit=True)
        else:
            _unknown(frame, node, f"{cls.__name__}.{name}")
    return INERT


def _throttle(frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments) -> Value:
    """`check_throttles`: each class counts in the cache."""
    del given
    if not isinstance(receiver, Object):
        return UNKNOWN
    classes = _classes(frame, node, receiver, "get_throttles")
    if classes is None:
        _unknown(frame, node, "get_throttles")
    cache = (Location("cache"),)
    for cls in classes or ():
        method = static_attribute(cls, "allow_request")
        if frame.world.owns(method):
            passed = Arguments((_request(receiver), receiver), {}, open=False)
            invoke_method(frame, node, method, passed, Object(cls), implicit=True)
        elif module_of(method).startswith(_FRAMEWORK):
            found = operation(
                "rest_framework.throttle",
                "cache",
                cls.__name__,
                reads=cache,
                writes=cache,
                implicit=True,
            )
            frame.operate(node, found)
        else:
            _unknown(frame, node, f"{cls.__name__}.allow_request")
    return INERT


def _classes(frame: Frame, node: ast.expr, receiver: Object, getter: str) -> list[type] | None:
    """The classes of what the view's method gives; None where a method of the project's chooses in ways unknown."""
    made = call_method(frame, node, Method(receiver, getter), _NOTHING)
    if not isinstance(made, Items) or (made.parts is None and made.element != NEVER):
        return None
    parts = made.parts or ()
    return [one.cls for one in parts if isinstance(one, Object)] if _are_objects(parts) else None


def _are_objects(parts: tuple[Value, ...]) -> bool:
    return all(isinstance(one, Object) for one in parts)


def _made_from(name: str) -> StandIn:
    """`get_permissions` and the like: one object of each class that the view lists under `name`."""

    def make(frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments) -> Value:
        del given
        listed = attribute(frame, node, receiver, name) if receiver is not None else UNKNOWN
        if not isinstance(listed, Items) or (listed.parts is None and listed.element != NEVER):
            return UNKNOWN
        targets = [getattr(part, "target", None) for part in listed.parts or ()]
        made = [Object(cls) for target in targets for cls in _operands(target)]
        return Items(UNKNOWN if made else NEVER, tuple(made), len(made))

    return make


def _operands(target: object) -> list[type]:
    """A class, or those of `IsAdmin | IsOwner`."""
    if isinstance(target, type):
        return [target]
    inner = (getattr(target, "op1_class", None), getattr(target, "op2_class", None))
    return [cls for one in inner if one is not None for cls in _operands(one)]


def _unknown(frame: Frame, node: ast.expr, label: str) -> None:
    unknown = (UNKNOWN_LOCATION,)
    frame.operate(
        node,
        operation("unknown.call", "helper", label, reads=unknown, writes=unknown, implicit=True),
    )


def _filter(frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments) -> Value:
    """`filter_queryset`: each backend narrows the rows down, lazily."""
    rows = given.get(0, "queryset") or UNKNOWN
    if isinstance(rows, Manager):
        rows = from_manager(rows, frame.identity(node))
    backends = attribute(frame, node, receiver, "filter_backends") if receiver else UNKNOWN
    parts = backends.parts if isinstance(backends, Items) else None
    for cls in (getattr(part, "target", None) for part in parts or ()):
        if isinstance(cls, type) and isinstance(receiver, Object):
            rows = _narrow(frame, node, receiver, cls, rows)
    return rows


def _narrow(frame: Frame, node: ast.expr, receiver: Object, cls: type, rows: Value) -> Value:
    method = static_attribute(cls, "filter_queryset")
    if frame.world.owns(method):
        passed = Arguments((_request(receiver), rows, receiver), {}, open=False)
        return invoke_method(frame, node, method, passed, Object(cls), implicit=True)
    if not isinstance(rows, QuerySet):
        return rows
    match _defined_as(cls, "filter_queryset"):
        case "rest_framework.filters.SearchFilter":
            names = _texts(attribute(frame, node, receiver, "search_fields"))
        case "rest_framework.filters.OrderingFilter":
            names = frozenset()
        case _:
            _unknown(frame, node, f"{cls.__name__}.filter_queryset")
            names = frozenset()
    tables = rows.tables.union(*(facts.lookup_tables(rows.model, name) for name in names))
    return QuerySet(
        rows.model,
        rows.cls,
        frame.identity(node),
        tables,
        rows.loaded,
        rows.shape,
        columns=rows.columns,
    )


def _texts(value: Value) -> frozenset[str]:
    parts = value.parts if isinstance(value, Items) else None
    texts = (part.constant for part in parts or () if isinstance(part, Inert))
    return frozenset(text.lstrip("^=@$") for text in texts if isinstance(text, str))


def _paginate(frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments) -> Value:
    """`paginate_queryset`: None without pagination, else the rows of one page, read behind the count."""
    rows = given.get(0, "queryset") or UNKNOWN
    paged = attribute(frame, node, receiver, "pagination_class") if receiver else UNKNOWN
    if paged == NONE:
        return NONE
    cls = paged.target if isinstance(paged, Live) else None
    if not isinstance(cls, type) or not isinstance(receiver, Object):
        _unknown(frame, node, "paginate_queryset")
        return UNKNOWN
    method = static_attribute(cls, "paginate_queryset")
    if frame.world.owns(method):
        passed = Arguments((rows, _request(receiver), receiver), {}, open=False)
        return invoke_method(frame, node, method, passed, Object(cls), implicit=True)
    return _page(frame, node, cls, rows)


def _page(frame: Frame, node: ast.expr, cls: Any, rows: Value) -> Value:
    size = getattr(cls, "page_size", None) or getattr(cls, "default_limit", None)
    asked = getattr(cls, "page_size_query_param", None) or getattr(cls, "limit_query_param", None)
    if not module_of(cls.paginate_queryset).startswith(_FRAMEWORK):
        _unknown(frame, node, f"{cls.__name__}.paginate_queryset")
        return UNKNOWN
    if not size and not asked:
        return NONE
    if not isinstance(rows, QuerySet):
        return Items(INERT) if isinstance(rows, Inert | Items) else Items(UNKNOWN)
    if not hasattr(cls, "cursor_query_param") and frame.fetch(f"{rows.identity}#"):
        label = f"count {rows.model.__name__}"
        frame.operate(
            node, operation("django_orm.paginate", "query", label, reads=rows.tables, implicit=True)
        )
    read_rows(frame, node, rows, "iterate", "page of")
    return Items(row(rows, frame.identity(node)))


def _paged_response(
    frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments
) -> Value:
    """`get_paginated_response`: the project's own paginator may do more than wrap the data."""
    frame.opaque()
    paged = attribute(frame, node, receiver, "pagination_class") if receiver else UNKNOWN
    cls = paged.target if isinstance(paged, Live) else None
    method = static_attribute(cls, "get_paginated_response") if cls is not None else None
    if isinstance(cls, type) and frame.world.owns(method):
        return invoke_method(frame, node, method, given, Object(cls), implicit=True)
    return INERT


_VIEW = "rest_framework.views.APIView"
_GENERIC = "rest_framework.generics.GenericAPIView"

REST_STAND_INS: dict[str, StandIn] = {
    f"{_VIEW}.dispatch": _dispatch,
    f"{_VIEW}.perform_content_negotiation": _pair,
    f"{_VIEW}.determine_version": _pair,
    f"{_VIEW}.get_format_suffix": _nothing,
    f"{_VIEW}.get_authenticators": _made_from("authentication_classes"),
    f"{_VIEW}.get_permissions": _made_from("permission_classes"),
    f"{_VIEW}.get_throttles": _made_from("throttle_classes"),
    f"{_VIEW}.perform_authentication": _authenticate,
    f"{_VIEW}.check_permissions": _permit,
    f"{_VIEW}.check_object_permissions": _permit_object,
    f"{_VIEW}.check_throttles": _throttle,
    f"{_GENERIC}.filter_queryset": _filter,
    f"{_GENERIC}.paginate_queryset": _paginate,
    f"{_GENERIC}.get_paginated_response": _paged_response,
}
"""By the function's dotted name."""
