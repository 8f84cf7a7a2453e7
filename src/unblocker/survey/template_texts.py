"""Templates that are made of a text: what it may ask of the project, as far as it is known what it loads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from django.template.engine import Engine

from unblocker.survey.live import plain_function
from unblocker.survey.operations import UNKNOWN_LOCATION, operation
from unblocker.survey.project_calls import invoke
from unblocker.survey.querysets import Arguments
from unblocker.survey.values import INERT, UNKNOWN, Inert, Mapping, Value

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from unblocker.survey.frame import Frame
    from unblocker.survey.index import Known

_LOAD = re.compile(r"\{%\s*load\s+([^%]*?)\s*%\}")


def render_text(frame: Frame, node: ast.expr, known: Known, text: Value, given: Arguments) -> Value:
    """`Template(text).render(context)`: unknown, but the project's tags that it loads may be asked."""
    context = given.get(0, "context")
    unknown = (UNKNOWN_LOCATION,)
    with frame.perhaps():
        for function, takes_context in _tags(frame, text if isinstance(text, Inert) else INERT):
            first = (context if isinstance(context, Mapping) else Mapping((), UNKNOWN),)
            shown = Arguments(first if takes_context else (), {}, open=True)
            invoke(frame, node, function, shown, implicit=True)
    frame.operate(node, operation(known.name, "template", "a text", reads=unknown, writes=unknown))
    return INERT


def _tags(frame: Frame, text: Inert) -> Iterator[tuple[object, bool]]:
    """The functions of the project behind the tags and filters that the text loads; whether they take the context."""
    try:
        engine = Engine.get_default()
    except ImproperlyConfigured:
        return
    names = {name for loaded in _LOAD.findall(text.prefix) for name in loaded.split()}
    for name in sorted(names & engine.template_libraries.keys()):
        library = engine.template_libraries[name]
        for tag, function in sorted({**library.tags, **library.filters}.items()):
            plain = plain_function(function)
            is_asked = not text.known or tag in text.prefix
            if plain is not None and is_asked and frame.world.owns(plain):
                yield plain, plain.__code__.co_varnames[:1] == ("context",)
