"""Every view that the live URLconf reaches, with its routes, its source function and its decorators."""

from __future__ import annotations

import ast
import functools
import inspect
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver

from unblocker.records.survey import Decorator, Problem, Route, View, ViewKind
from unblocker.survey.decorators import classify, wrapper_name
from unblocker.survey.live import plain_function, wrappers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.records.places import Place
    from unblocker.survey.world import Code, Summary, World


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A callback as the URLconf holds it, with the route that leads to it."""

    callback: Any
    route: Route
    admin: bool


@dataclass(slots=True)
class Found:
    """A view, and what of it has source to read: the view function or a class's methods; `summaries` once read."""

    view: View
    codes: list[Code] = field(default_factory=list)
    cls: type | None = None
    summaries: list[Summary] = field(default_factory=list)


def endpoints(resolver: URLResolver) -> Iterator[Endpoint]:
    """Every pattern below the resolver, in the order in which Django tries them."""
    yield from _walk(resolver, "", (), admin=False)


def _walk(
    resolver: URLResolver, prefix: str, spaces: tuple[str, ...], *, admin: bool
) -> Iterator[Endpoint]:
    for pattern in resolver.url_patterns:
        text = prefix + _text(pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            is_admin = admin or pattern.app_name == "admin"
            yield from _walk(pattern, text, inner, admin=is_admin)
        elif isinstance(pattern, URLPattern):
            name = ":".join((*spaces, pattern.name)) if pattern.name else None
            yield Endpoint(pattern.callback, Route(text, name), admin)


def _text(pattern: URLPattern | URLResolver) -> str:
    return str(pattern.pattern)


def find_views(world: World, resolver: URLResolver) -> list[Found]:
    """One record per view, its routes together, in the URLconf's order."""
    found: dict[str, Found] = {}
    routes: dict[str, list[Route]] = {}
    for endpoint in endpoints(resolver):
        one = _find(world, endpoint)
        kept = found.setdefault(one.view.id, one)
        routes.setdefault(kept.view.id, []).append(endpoint.route)
    for key, one in found.items():
        view = one.view
        one.view = View(
            view.id,
            view.kind,
            tuple(routes[key]),
            view.place,
            view.function,
            view.decorators,
            view.problems,
        )
    return list(found.values())


def _find(world: World, endpoint: Endpoint) -> Found:
    callback = endpoint.callback
    cls = getattr(callback, "view_class", None) or getattr(
        inspect.unwrap(callback), "view_class", None
    )
    if isinstance(cls, type):
        return _class_view(world, endpoint, cls)
    if not inspect.isroutine(callback) and not isinstance(callback, functools.partial):
        return _instance_view(world, endpoint, callback)
    return _function_view(world, endpoint)


def _function_view(world: World, endpoint: Endpoint) -> Found:
    function = plain_function(endpoint.callback)
    if function is None:
        name = getattr(endpoint.callback, "__qualname__", repr(endpoint.callback))
        return Found(_unreadable(name, endpoint, "it is not written in Python"))
    identity = f"{function.__module__}.{function.__qualname__}"
    if endpoint.admin:
        return Found(View(identity, "admin", ()))
    if not world.owns(function):
        return Found(View(identity, "third-party", ()))
    code = world.code(function)
    if code is None or not isinstance(code.node, ast.FunctionDef | ast.AsyncFunctionDef):
        why = "it is a lambda" if function.__name__ == "<lambda>" else "its source was not found"
        return Found(_unreadable(identity, endpoint, why))
    decorators = (*_around(world, endpoint.callback, code), *source_decorators(world, code))
    view = View(identity, "function", (), code.source.place(code.node), code.id, decorators)
    return Found(view, [code])


def _unreadable(identity: str, endpoint: Endpoint, why: str) -> View:
    problem = Problem("U402", f"the view of {endpoint.route.pattern!r} cannot be read: {why}")
    return View(identity, "unreadable", (), problems=(problem,))


def _class_view(world: World, endpoint: Endpoint, cls: type) -> Found:
    identity = f"{cls.__module__}.{cls.__qualname__}"
    kind: ViewKind = "class"
    if endpoint.admin:
        kind = "admin"
    elif not world.owns(cls):
        kind = "third-party"
    place = class_place(world, cls)
    codes = list(_methods(world, cls)) if kind == "class" else []
    decorators = tuple(_method_decorators(world, codes))
    function = codes[0].id if codes else None
    return Found(View(identity, kind, (), place, function, decorators), codes, cls)


def _methods(world: World, cls: type) -> Iterator[Code]:
    """The HTTP methods that the class or its mixins of the project define."""
    for name in getattr(cls, "http_method_names", ()):
        method = getattr(cls, name, None)
        code = world.code(method) if world.owns(method) else None
        if code is not None:
            yield code


def _method_decorators(world: World, codes: list[Code]) -> Iterator[Decorator]:
    for code in codes:
        yield from source_decorators(world, code)


def _instance_view(world: World, endpoint: Endpoint, callback: object) -> Found:
    cls = type(callback)
    identity = f"{cls.__module__}.{cls.__qualname__}"
    if endpoint.admin:
        return Found(View(identity, "admin", ()))
    if not world.owns(cls):
        return Found(View(identity, "third-party", ()))
    code = world.code(getattr(cls, "__call__", None))  # noqa: B004  # the method itself, to read its source
    function = code.id if code else None
    return Found(
        View(identity, "class", (), class_place(world, cls), function), [code] if code else [], cls
    )


def class_place(world: World, cls: type) -> Place | None:
    """Where a class of the project is defined."""
    if not world.owns(cls):
        return None
    try:
        path = inspect.getsourcefile(cls)
    except TypeError:
        return None
    source = world.sources.read(path) if path else None
    for node in ast.walk(source.tree) if source else ():
        if isinstance(node, ast.ClassDef) and node.name == cls.__name__:
            return source.place(node) if source else None
    return None


def source_decorators(world: World, code: Code) -> tuple[Decorator, ...]:
    """The decorators that stand on the function in its file, outermost first."""
    return tuple(_decorator(world, code, node) for node in code.node.decorator_list)


def _decorator(world: World, code: Code, node: ast.expr) -> Decorator:
    called = node.func if isinstance(node, ast.Call) else node
    target, name = _resolve(code, called), ast.unparse(called)
    place = code.source.place(node)
    if target is None:
        return Decorator(name, "unknown", place)
    if name.endswith("method_decorator") and isinstance(node, ast.Call) and node.args:
        inner = _resolve(code, node.args[0])
        target = inner if inner is not None else target
    return Decorator(_dotted(target, name), classify(target, world.sources.owns), place)


def _dotted(target: object, name: str) -> str:
    """The decorator's name with the module that it is imported from."""
    last = name.rpartition(".")[2]
    module = getattr(target, "__module__", None)
    if module == "django.utils.decorators":
        offered = (key for key in list(sys.modules) if key.startswith("django.views.decorators."))
        module = next(
            (key for key in offered if vars(sys.modules[key]).get(last) is target), module
        )
    return f"{module}.{last}" if isinstance(module, str) else name


def _resolve(code: Code, node: ast.expr) -> object | None:
    match node:
        case ast.Name(id=name):
            return code.namespace.get(name)
        case ast.Attribute(value=value, attr=name):
            owner = _resolve(code, value)
            return getattr(owner, name, None) if owner is not None else None
        case ast.Call(func=function):
            return _resolve(code, function)
        case _:
            return None


def _around(world: World, callback: object, code: Code) -> tuple[Decorator, ...]:
    """The decorators that the URLconf put around the view: wrappers beyond those that its file shows."""
    if isinstance(callback, functools.partial):
        callback = callback.func
    chain = wrappers(callback)
    module = inspect.getmodule(code.target)
    own = len(wrappers(getattr(module, code.target.__name__, None)))
    return tuple(
        Decorator(wrapper_name(wrapper), classify(wrapper, world.sources.owns))
        for wrapper in chain[: max(len(chain) - own, 0)]
    )
