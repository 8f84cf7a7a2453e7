"""Requests of which only the user's key is known, made those of the user who has it in the seeded database."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Protocol

from unblocker.records.traffic import LeftOut, Request, counted


class Users(Protocol):
    """Knows the users of a database."""

    def usernames(self, keys: Collection[str]) -> Mapping[str, str]:
        """The usernames of those of the primary keys that exist."""


def with_names(
    traffic: tuple[Request, ...], users: Users
) -> tuple[tuple[Request, ...], tuple[LeftOut, ...]]:
    """The traffic with usernames, in order; requests of users who do not exist are left out."""
    names = users.usernames({one.user_key for one in traffic if one.user_key is not None})
    made = [one for one in traffic if one.user_key is None or one.user_key in names]
    lost = len(traffic) - len(made)
    reasons = ["the seeded database has no user with the recorded key"] * lost
    return tuple(_named(one, names) for one in made), counted(reasons)


def _named(request: Request, names: Mapping[str, str]) -> Request:
    if request.user_key is None:
        return request
    return replace(request, as_user=names[request.user_key], user_key=None)
