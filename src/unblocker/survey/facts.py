"""What the loaded settings say that code can't: where the session is kept, who a user is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from unblocker.records.survey import Location
from unblocker.survey import models as model_facts

if TYPE_CHECKING:
    from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Facts:
    """What holds in the whole project.

    Attributes:
        user_reads: what loading `request.user` reads.
        session_reads: what loading the session reads.
        permission_reads: what asking for permissions reads.
        site_reads: what asking for the current site reads.
        content_type_reads: what asking for a model's content type reads.
        request: an empty HttpRequest: what attributes it has.
    """

    user_model: type[Model]
    user_reads: tuple[Location, ...]
    session_reads: tuple[Location, ...]
    permission_reads: tuple[Location, ...]
    site_reads: tuple[Location, ...]
    content_type_reads: tuple[Location, ...]
    request: object


def gather_facts() -> Facts:
    """The facts of the settings that are loaded."""
    user = _user_model()
    session = _session_reads()
    stored = set() if user._meta.abstract else model_facts.own_tables(user)
    return Facts(
        user_model=user,
        user_reads=tuple(sorted({*session, *stored})),
        session_reads=session,
        permission_reads=_permission_reads(user),
        site_reads=_site_reads(),
        content_type_reads=_content_type_reads(),
        request=HttpRequest(),
    )


def _user_model() -> type[Model]:
    """The settings' user model; what every one has in common where its application is not installed."""
    from django.contrib.auth.base_user import AbstractBaseUser

    try:
        return get_user_model()
    except ImproperlyConfigured:
        return AbstractBaseUser


def _content_type_reads() -> tuple[Location, ...]:
    if not apps.is_installed("django.contrib.contenttypes"):
        return ()
    kind: type[Model] = apps.get_model("contenttypes", "ContentType")
    return tuple(sorted(model_facts.own_tables(kind)))


def _permission_reads(user: type[Model]) -> tuple[Location, ...]:
    """The tables of the user's own permissions and of those of the user's groups."""
    if not apps.is_installed("django.contrib.auth"):
        return ()
    group: type[Model] = apps.get_model("auth", "Group")
    kind: type[Model] = apps.get_model("contenttypes", "ContentType")
    found = model_facts.own_tables(kind)
    for model, name in ((user, "groups"), (user, "user_permissions"), (group, "permissions")):
        relation = model_facts.relations(model).get(name)
        if relation is not None:
            through = Location("table", relation.through)
            found |= {through, *model_facts.own_tables(relation.model)}
    return tuple(sorted(found))


def _site_reads() -> tuple[Location, ...]:
    if not apps.is_installed("django.contrib.sites"):
        return ()
    site: type[Model] = apps.get_model("sites", "Site")
    return tuple(model_facts.own_tables(site))


def _session_reads() -> tuple[Location, ...]:
    engine = django_settings.SESSION_ENGINE
    places = [Location("session")]
    if engine.endswith((".db", ".cached_db")):
        places.append(Location("table", "django_session"))
    if "cache" in engine:
        places.append(Location("cache"))
    return tuple(sorted(places))
