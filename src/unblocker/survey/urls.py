"""Every view that the live URLconf reaches, with its routes, its source function and its decorators."""

from __future__ import annotations

import functools
import inspect
import types
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver

from unblocker.records.survey import Decorator, Problem, Route, View
from unblocker.survey.class_views import (
    ClassView,
    actions,
    answering_first,
    api_function,
    class_statement,
    is_bare,
    roles,
    urlconf_statement,
    view_class,
)
from unblocker.survey.decorators import classify, code_of, wrapper_name
from unblocker.survey.joining import join
from unblocker.survey.lambdas import NAME as LAMBDA
from unblocker.survey.live import plain_function, value_of, wrappers
from unblocker.survey.looking import NOTHING, is_a, look, static_attribute
from unblocker.survey.names import parameters
from unblocker.survey.source_decorators import class_decorators, source_decorators
from unblocker.survey.world import unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.records.places import Place
    from unblocker.survey.values import Value
    from unblocker.survey.world import Code, Summary, World


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A callback as the URLconf holds it, with the route that leads to it.

    `text` is the last part of the route, as it stands in the URLconf's `module`; `bound` what the URLconf gives it;
    `captured` the names that the route takes from the request, `*` where it takes some without a name.
    """

    callback: Any
    route: Route
    admin: bool
    text: str = ""
    module: str = ""
    bound: dict[str, Value] = field(default_factory=dict)
    captured: frozenset[str] = frozenset()


@dataclass(slots=True)
class Found:
    """A view, and what of it has source to read: the view function or a class's methods; `summaries` once read.

    `bound` are arguments that do not come from the request: of a `partial`, of the URLconf, or a parameter's default.
    `callback` is the view with its decorators.
    """

    view: View
    codes: list[Code] = field(default_factory=list)
    cls: type | None = None
    summaries: list[Summary] = field(default_factory=list)
    answers: ClassView | None = None
    bound: dict[str, Value] = field(default_factory=dict)
    callback: object = None


def endpoints(resolver: URLResolver) -> Iterator[Endpoint]:
    """Every pattern below the resolver, in the order in which Django tries them."""
    yield from _walk(resolver, Endpoint(None, Route("", None), admin=False), ())


def _walk(resolver: URLResolver, outer: Endpoint, spaces: tuple[str, ...]) -> Iterator[Endpoint]:
    module = getattr(resolver.urlconf_name, "__name__", resolver.urlconf_name)
    module = module if isinstance(module, str) else outer.module
    for pattern in resolver.url_patterns:
        text = outer.route.pattern + _text(pattern)
        captured = outer.captured | _captured(pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            is_admin = outer.admin or _is_admin(pattern)
            within = Endpoint(None, Route(text, None), is_admin, module=module, captured=captured)
            yield from _walk(pattern, within, inner)
        elif isinstance(pattern, URLPattern):
            name = ":".join((*spaces, pattern.name)) if pattern.name else None
            route = Route(text, name)
            bound = {name: value_of(value) for name, value in pattern.default_args.items()}
            yield Endpoint(
                pattern.callback, route, outer.admin, _text(pattern), module, bound, captured
            )


def _captured(pattern: URLPattern | URLResolver) -> frozenset[str]:
    """What this part of a route gives to the view: what it captures and, of an `include()`, what it adds."""
    added = pattern.default_kwargs if isinstance(pattern, URLResolver) else {}
    regex = pattern.pattern.regex
    unnamed = {"*"} if regex.groups > len(regex.groupindex) else set()
    return frozenset({*pattern.pattern.converters, *regex.groupindex, *added, *unnamed})


def _is_admin(resolver: URLResolver) -> bool:
    """Whether an admin site made these patterns: a project may call its own application `admin`, too."""
    return resolver.app_name == "admin" and any(
        hasattr(pattern.callback, "admin_site")
        for pattern in resolver.url_patterns
        if isinstance(pattern, URLPattern)
    )


def _text(pattern: URLPattern | URLResolver) -> str:
    return str(pattern.pattern)


def find_views(world: World, resolver: URLResolver) -> list[Found]:
    """One record per view, its routes together, in the URLconf's order."""
    found: dict[str, Found] = {}
    routes: dict[str, list[Route]] = {}
    for endpoint in endpoints(resolver):
        for one in _spared(world, endpoint):
            kept = found.setdefault(one.view.id, one)
            kept.bound = _on_both(kept.bound, one.bound)
            around = dict.fromkeys((*kept.view.decorators, *one.view.decorators))
            kept.view = replace(kept.view, decorators=tuple(around))
            if kept.answers is not None and one.answers is not None:
                more = (role for role in one.answers.roles if role not in kept.answers.roles)
                kept.answers.roles.extend(more)
            routes.setdefault(kept.view.id, []).append(endpoint.route)
    for key, one in found.items():
        one.view = replace(one.view, routes=tuple(routes[key]))
    return list(found.values())


def _on_both(one: dict[str, Value], other: dict[str, Value]) -> dict[str, Value]:
    """What a view is given that two routes reach; what only one of them gives is the request's on the other."""
    return {name: join(value, other[name]) for name, value in one.items() if name in other}


def _spared(world: World, endpoint: Endpoint) -> list[Found]:
    """The same as `_find`; a view whose look-up fails does not stop the others."""
    try:
        return list(_find(world, endpoint))
    except Exception as error:  # noqa: BLE001  # it is told as a problem of this view
        problem = unread(f"the view of {endpoint.route.pattern!r}", error, None)
        return [Found(View(_name(endpoint.callback), "unreadable", (), problems=(problem,)))]


def _name(callback: object) -> str:
    return str(look(callback, "__qualname__", type(callback).__qualname__))


def _find(world: World, endpoint: Endpoint) -> Iterator[Found]:
    """The view that the callback is; of a viewset, one for each of its actions there."""
    callback = endpoint.callback
    cls = view_class(callback)
    if cls is None:
        is_function = _is_function(callback)
        yield _function_view(world, endpoint) if is_function else _instance_view(world, endpoint)
        return
    behind = api_function(cls)
    if behind is not None:
        yield _function_view(world, replace(endpoint, callback=behind))
        return
    for action in actions(callback) or ("",):
        yield _class_view(world, endpoint, cls, action)


def _is_function(callback: object) -> bool:
    """Whether it is a function, a method, a partial, or what binds to an instance as they do, such as a cached one."""
    if is_a(callback, types.BuiltinFunctionType, functools.partial):
        return True
    binds, data = (static_attribute(type(callback), name) for name in ("__get__", "__set__"))
    return binds is not NOTHING and data is NOTHING


def _function_view(world: World, endpoint: Endpoint) -> Found:
    function = plain_function(endpoint.callback)
    if function is None:
        return Found(_unreadable(_name(endpoint.callback), endpoint, "it is not written in Python"))
    identity = f"{function.__module__}.{function.__qualname__}"
    if endpoint.admin:
        return Found(View(identity, "admin", ()))
    if not world.owns(function):
        if _is_made_up(world, function):
            return Found(_unreadable(identity, endpoint, "it was made by exec, not in a file"))
        return Found(View(identity, "third-party", ()))
    code = world.code(function)
    if code is None:
        is_lambda = function.__code__.co_name == LAMBDA
        why = "another lambda stands on its line" if is_lambda else "its source was not found"
        return Found(_unreadable(identity, endpoint, why))
    if code.node.name == LAMBDA:
        identity = code.id.replace(":", ".", 1)
    decorators = (*_around(world, endpoint.callback, code), *source_decorators(world, code))
    view = View(identity, "function", (), code.source.place(code.node), code.id, decorators)
    bound = _by_default(code, endpoint) | endpoint.bound | _given(endpoint.callback)
    return Found(view, [code], bound=bound, callback=endpoint.callback)


def _by_default(code: Code, endpoint: Endpoint) -> dict[str, Value]:
    """The defaults of the parameters that nobody gives: neither the route nor a decorator, which would name them."""
    if "*" in endpoint.captured:
        return {}
    told = set[object](endpoint.captured)
    for wrapper in wrappers(endpoint.callback):
        told |= _constants(wrapper)
    others = parameters(code.node.args)[1:]
    return {
        name: value for name, value in code.defaults.items() if name in others and name not in told
    }


def _constants(wrapper: object) -> set[object]:
    """The texts in a function's code, the names of a call's arguments among them."""
    code = code_of(wrapper)
    constants = code.co_consts if code is not None else ()
    listed = [one for many in constants if isinstance(many, tuple) for one in many]
    return {one for one in (*constants, *listed) if isinstance(one, str)}


def _is_made_up(world: World, function: types.FunctionType) -> bool:
    """Whether it is code without a file that a module of the project holds."""
    module_file = function.__globals__.get("__file__")
    has_file = Path(function.__code__.co_filename).is_file()
    return not has_file and isinstance(module_file, str) and world.sources.owns(module_file)


def _given(callback: Any) -> dict[str, Value]:
    """What a `partial` gives to the view."""
    if not isinstance(callback, functools.partial):
        return {}
    return _given(callback.func) | {name: value_of(one) for name, one in callback.keywords.items()}


def _unreadable(identity: str, endpoint: Endpoint, why: str) -> View:
    problem = Problem("U402", f"the view of {endpoint.route.pattern!r} cannot be read: {why}")
    return View(identity, "unreadable", (), problems=(problem,))


def _class_view(world: World, endpoint: Endpoint, cls: type, action: str) -> Found:
    identity = f"{cls.__module__}.{cls.__qualname__}{action and f'.{action}'}"
    if endpoint.admin:
        return Found(View(identity, "admin", ()))
    if is_bare(cls):
        return _bare_view(world, endpoint, cls)
    if not world.owns(cls):
        return Found(View(identity, "third-party", ()))
    statement = class_statement(world, cls)
    if statement is None:
        return _unplaced_view(world, endpoint, cls, identity)
    named = f"{cls.__module__}:{cls.__qualname__}{action and f'({action})'}"
    answered = roles(endpoint.callback, cls, world.owns, action)
    answers = ClassView(named, cls, answered, statement)
    codes = list(_handlers(world, answers))
    own = [one for code in codes for one in source_decorators(world, code)]
    decorators = (*class_decorators(world, statement, cls), *own)
    view = View(
        identity,
        "class",
        (),
        class_place(world, cls),
        decorators=(*_around_class(world, endpoint.callback), *decorators),
        handlers=tuple(dict.fromkeys(code.id for code in codes if code.node.name != "dispatch")),
        obstacles=tuple(answering_first(cls, statement.place)),
    )
    return Found(view, codes, cls, answers=answers)


def _unplaced_view(world: World, endpoint: Endpoint, cls: type, identity: str) -> Found:
    """A class that no class statement makes: those of its methods that stand in the project's files are read."""
    answered = roles(endpoint.callback, cls, world.owns)
    codes = [code for role in answered if (code := _own_code(world, cls, role.handler))]
    function = codes[0].id if len(codes) == 1 else None
    return Found(View(identity, "class", (), None, function), codes, cls)


def _own_code(world: World, cls: type, name: str) -> Code | None:
    method = look(cls, name)
    return world.code(method) if world.owns(method) else None


def _bare_view(world: World, endpoint: Endpoint, cls: type) -> Found:
    """One of Django's generic views, made into a view of the project by the URLconf's arguments."""
    route = endpoint.route
    identity = f"{endpoint.module}.{cls.__name__}({route.name or route.pattern})"
    statement = urlconf_statement(world, endpoint.module, cls, endpoint.text)
    if statement is None:
        return Found(View(f"{cls.__module__}.{cls.__qualname__}", "third-party", ()))
    named = f"{endpoint.module}:{identity.removeprefix(f'{endpoint.module}.')}"
    answers = ClassView(named, cls, roles(endpoint.callback, cls, world.owns), statement)
    return Found(View(identity, "class", (), statement.place), [], cls, answers=answers)


def _handlers(world: World, answers: ClassView) -> Iterator[Code]:
    """The methods of the project that answer requests, what dispatches them first."""
    for name in ("dispatch", *(role.handler for role in answers.roles)):
        code = _own_code(world, answers.cls, name)
        if code is not None:
            yield code


def _instance_view(world: World, endpoint: Endpoint) -> Found:
    callback = endpoint.callback
    cls = type(callback)
    identity = f"{cls.__module__}.{cls.__qualname__}"
    if endpoint.admin:
        return Found(View(identity, "admin", ()))
    if is_a(callback, type):
        return Found(_unreadable(_name(callback), endpoint, "it is a class"))
    if not world.owns(cls):
        return Found(View(identity, "third-party", ()))
    code = world.code(look(cls, "__call__"))
    if code is None:
        return Found(_unreadable(identity, endpoint, "its source was not found"))
    return Found(View(identity, "class", (), class_place(world, cls), code.id), [code], cls)


def class_place(world: World, cls: type) -> Place | None:
    """Where a class of the project is defined."""
    statement = class_statement(world, cls) if world.owns(cls) else None
    if statement is None:
        return None
    return statement.source.place(statement.source.classes[cls.__qualname__])


def _around_class(world: World, callback: object) -> tuple[Decorator, ...]:
    """The decorators that the URLconf put around what `as_view()` returned."""
    made = [(one, wrapper_name(one)) for one in wrappers(callback)]
    outside = takewhile(lambda one: not one[1].endswith(".as_view"), made)
    return tuple(Decorator(name, classify(one, world.sources.owns)) for one, name in outside)


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
