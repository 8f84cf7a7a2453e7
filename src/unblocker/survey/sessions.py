"""`request.session`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.backends.base import SessionBase

from unblocker.catalog.base import Harmless
from unblocker.records.survey import Location
from unblocker.survey import catalog_calls
from unblocker.survey.operations import operation
from unblocker.survey.project_calls import unknown_call

if TYPE_CHECKING:
    import ast

    from unblocker.survey.frame import Frame
    from unblocker.survey.querysets import Arguments
    from unblocker.survey.values import Session, Value


def load_session(frame: Frame, node: ast.expr, session: Session) -> None:
    """The first use of the session reads it; every use must keep its place."""
    if frame.fetch(session.identity):
        reads = frame.world.facts.session_reads
        frame.operate(
            node,
            operation(
                "django_sessions.load", "query", "request.session", reads=reads, implicit=True
            ),
        )
    frame.touch(Location("session"))


def on_session(
    frame: Frame, node: ast.expr, session: Session, name: str, given: Arguments
) -> Value:
    """A method of the session."""
    known = frame.world.index.method(SessionBase, name)
    if known is None:
        return unknown_call(frame, node)
    if isinstance(known.item, Harmless):
        owner = frame.owner_node(node)
        load_session(frame, node if owner is None else owner, session)
        return catalog_calls.harmless(frame, node, known.item, given)
    return catalog_calls.outside(frame, node, known, known.item, given)
