"""What the authentication backends load together with the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings as django_settings
from django.utils.module_loading import import_string

from unblocker.survey.values import Instance, Object

if TYPE_CHECKING:
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
    try:
        backend = import_string(path)
    except ImportError:
        return frozenset()
    getter = getattr(backend, "get_user", None)
    code = world.code(getter) if world.owns(getter) else None
    if code is None:
        return frozenset()
    summary = world.summary(code, Object(backend))
    world.enter(summary, {code.self_name or "self": Object(backend)})
    user = summary.outcome.returns
    return user.loaded if isinstance(user, Instance) else frozenset()
