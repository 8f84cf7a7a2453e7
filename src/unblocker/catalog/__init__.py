"""What the tool knows of other people's APIs, as data: one file per family."""

from functools import cache

from unblocker.catalog import (
    boto3,
    django_auth,
    django_cache,
    django_contenttypes,
    django_forms,
    django_mail,
    django_messages,
    django_orm,
    django_sessions,
    django_shortcuts,
    django_sites,
    django_storage,
    django_transactions,
    files,
    pillow,
    requests,
    rest_framework,
    subprocess,
    time,
    urllib,
)
from unblocker.catalog.base import Entry, Family, third_party_families

BUILT_IN = tuple(
    module.FAMILY
    for module in (
        django_orm, django_shortcuts, django_auth, django_sessions, django_sites, django_contenttypes, django_messages,
        django_cache, django_mail, django_forms, django_transactions, django_storage, rest_framework, requests, urllib,
        boto3, pillow, subprocess, time, files,
    )
)  # fmt: skip


@cache
def families() -> tuple[Family, ...]:
    """The built-in families, then those that installed distributions add."""
    return BUILT_IN + third_party_families()


@cache
def _entries() -> dict[str, Entry]:
    return {
        f"{family.name}.{entry.name}": entry for family in families() for entry in family.entries
    }


def find_entry(name: str) -> Entry | None:
    """The entry that an `Operation.entry` such as `django_orm.get` names; None for the survey's own, `project.call`."""
    return _entries().get(name)
