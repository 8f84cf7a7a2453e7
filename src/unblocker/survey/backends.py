"""What the authentication backends of the settings do: what they load with the user, and how they find one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings as django_settings
from django.utils.module_loading import import_string

from unblocker.survey.looking import static_attribute
from unblocker.survey.project_calls import invoke_method
from unblocker.survey.querysets import Arguments
from unblocker.survey.values import INERT, Instance, Object

if TYPE_CHECKING:
    import ast

    from unblocker.survey.frame import Frame
    from unblocker.survey.world import World


def loaded_with_user(world: World) -> frozenset[str]:
    """The relations that are there on `request.user`, whichever backend of the settings has loaded it."""
    if (
        world.facts.user_model._meta.abstract
    ):  # its application is not installed: there is no user to load
        return frozenset()
    if world.user_relations is None:
        world.user_relations = frozenset()  # for what asks while a backend is read
        every = [_loads(world, path) for path in django_settings.AUTHENTICATION_BACKENDS]
        world.user_relations = frozenset.intersection(*every) if every else frozenset()
    return world.user_relations


def _loads(world: World, path: str) -> frozenset[str]:
    backend = _backend(path)
    if backend is None:
        return frozenset()
    getter = getattr(backend, "get_user", None)
    code = world.code(getter) if world.owns(getter) else None
    if code is None:
        return frozenset()
    summary = world.summary(code, Object(backend))
    world.enter(summary, {code.self_name or "self": Object(backend)})
    user = summary.outcome.returns
    return user.loaded if isinstance(user, Instance) else frozenset()


def ask_for_user(frame: Frame, node: ast.expr, given: Arguments) -> None:
    """`authenticate(…)` asks each backend: the project's own are followed."""
    asked = Arguments(given.positional[:1] or (INERT,), given.keywords, open=True, rest=INERT)
    backends = [_backend(path) for path in django_settings.AUTHENTICATION_BACKENDS]
    frame.world.index.refresh()
    for backend in backends:
        method = static_attribute(backend, "authenticate")
        if backend is not None and frame.world.owns(method):
            with frame.perhaps():
                invoke_method(frame, node, method, asked, Object(backend), implicit=True)


def _backend(path: str) -> type | None:
    try:
        found = import_string(path)
    except ImportError:
        return None
    return found if isinstance(found, type) else None
