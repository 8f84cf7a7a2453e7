"""A template's nodes, in the order in which they are rendered, through `extends` and `include`."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

from django.template import TemplateSyntaxError
from django.template import defaulttags as tags
from django.template.base import FilterExpression, Node, TextNode, VariableNode
from django.template.library import InclusionNode, SimpleNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode, construct_relative_path
from django.templatetags.cache import CacheNode

from unblocker.records.survey import Location
from unblocker.survey.calls import call
from unblocker.survey.effects import expected_rows
from unblocker.survey.operations import UNKNOWN_LOCATION, operation
from unblocker.survey.operators import text_of
from unblocker.survey.querysets import Arguments
from unblocker.survey.template_names import check, literal, loop_over, resolve, show
from unblocker.survey.values import INERT, UNKNOWN, Items, Live, Mapping, Never, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from django.template.base import Template

    from unblocker.survey.template_scope import Scope

_DEEPEST = 25


def read_template(scope: Scope, template: Template) -> None:
    """Render a whole template, its parents first."""
    if scope.depth > _DEEPEST:
        return
    source = scope.frame.world.templates.source(scope.frame, template)
    with scope.file(source):
        first = next((node for node in template.nodelist if not isinstance(node, TextNode)), None)
        if isinstance(first, ExtendsNode):
            _extend(scope, first)
        else:
            _add_blocks(scope, template)
            read_nodes(scope, template.nodelist)


def _add_blocks(scope: Scope, holder: Template | ExtendsNode) -> None:
    for block in scope.frame.world.templates.parts.blocks(holder):
        scope.blocks.setdefault(block.name, []).append(block)


def _extend(scope: Scope, node: ExtendsNode) -> None:
    scope.at(node)
    _add_blocks(scope, node)
    name = literal(node.parent_name)
    parent = _load(scope, node, name) if name else None
    if parent is None:
        _unknown(scope, str(node.parent_name))
    else:
        read_template(scope, parent)


def _load(scope: Scope, node: Any, name: str) -> Template | None:
    origin = getattr(node.origin, "template_name", None)
    try:
        name = construct_relative_path(origin, name)
    except TemplateSyntaxError:
        return None
    return scope.frame.world.templates.load(name)


def _unknown(scope: Scope, text: str) -> None:
    """Something is rendered that can't be followed."""
    unknown = (UNKNOWN_LOCATION,)
    found = operation("unknown.call", "helper", text, reads=unknown, writes=unknown, implicit=True)
    scope.frame.operate(scope.node(text), found)


def read_nodes(scope: Scope, nodes: Iterable[Node]) -> None:
    """Render nodes one after the other."""
    for node in nodes:
        if node.__class__ is not TextNode:
            scope.at(node)
            _reader(type(node))(scope, node)  # type: ignore[arg-type]  # classes are hashable


@cache
def _reader(cls: type[Any]) -> Callable[[Scope, Any], None]:
    for base in cls.__mro__:
        if base in _READERS:
            return _READERS[base]
    return _other if cls.__module__.startswith("django.") else _foreign


def _variable(scope: Scope, node: VariableNode) -> None:
    show(scope, node.filter_expression)


def _block(scope: Scope, node: BlockNode) -> None:
    chain = scope.blocks.get(node.name, [])
    chosen = chain[0] if chain else node
    scope.blocks[node.name] = chain[1:]
    template = scope.frame.world.templates.load(str(getattr(chosen.origin, "template_name", "")))
    with scope.push({"block": INERT}):
        if template is None:
            read_nodes(scope, chosen.nodelist)
        else:
            with scope.file(scope.frame.world.templates.source(scope.frame, template)):
                if chain[1:] and scope.frame.world.templates.parts.asks_for_super(chosen):
                    _block(scope, chain[1])
                read_nodes(scope, chosen.nodelist)
    if chain:
        scope.blocks[node.name] = chain


def _include(scope: Scope, node: IncludeNode) -> None:
    extra = {name: resolve(scope, value) for name, value in node.extra_context.items()}
    name = literal(node.template)
    template = _load(scope, node, name) if name else None
    if template is None:
        _unknown(scope, str(node.template))
        return
    outer, scope.blocks = scope.blocks, {}
    with scope.alone(extra, whole=True) if node.isolated_context else scope.push(extra):
        read_template(scope, template)
    scope.blocks = outer


def _for(scope: Scope, node: Any) -> None:
    sequence, element = loop_over(scope, node.sequence)
    names: dict[str, Value] = {"forloop": INERT}
    if len(node.loopvars) == 1:
        names[node.loopvars[0]] = element
    else:
        parts = element.parts if isinstance(element, Items) else None
        values = (
            parts
            if parts and len(parts) == len(node.loopvars)
            else [_part(element)] * len(node.loopvars)
        )
        names.update(zip(node.loopvars, values, strict=True))
    step = ("for", getattr(sequence, "identity", None) or id(node))
    with scope.push(names), scope.within(step, expected_rows(sequence)):
        read_nodes(scope, node.nodelist_loop)
    with scope.perhaps():
        read_nodes(scope, node.nodelist_empty)


def _part(value: Value) -> Value:
    return value.element if isinstance(value, Items) else value if value == INERT else UNKNOWN


def _if(scope: Scope, node: tags.IfNode) -> None:
    possible = True
    for at, (condition, nodes) in enumerate(node.conditions_nodelists):
        holds: bool | None = True
        with scope.frame.only_if(possible), scope.perhaps() if at else nullcontext():
            if condition is not None:
                holds = _condition(scope, condition)
        step = (_asked(scope, condition), at and id(node))
        with scope.frame.only_if(possible and holds is not False), scope.within(step):
            read_nodes(scope, nodes)
        possible = possible and holds is not True


def _asked(scope: Scope, condition: Any) -> Hashable:
    """What a condition asks of what: two that are equal hold both or neither."""
    value = getattr(condition, "value", None)
    if isinstance(value, FilterExpression):
        names = [getattr(value.var, "lookups", None) or ("",)]
        names += [
            item.lookups or ("",)
            for _, given in value.filters
            for is_name, item in given
            if is_name
        ]
        return str(value), tuple(scope.lookup(lookups[0]) for lookups in names)
    parts = (getattr(condition, "first", None), getattr(condition, "second", None))
    operands = tuple(_asked(scope, part) for part in parts if part is not None)
    return getattr(condition, "id", ""), operands


def _condition(scope: Scope, condition: Any) -> bool | None:
    """An operand, or an operator with one or two of them; whether it holds, where that is known."""
    value = getattr(condition, "value", None)
    if isinstance(value, FilterExpression):
        return check(scope, value)
    operator = getattr(condition, "id", "")
    first = second = None
    if getattr(condition, "first", None) is not None:
        first = _condition(scope, condition.first)
    if getattr(condition, "second", None) is None:
        return not first if operator == "not" and first is not None else None
    if operator not in ("and", "or"):
        _condition(scope, condition.second)
        return None
    decides = operator == "or"
    with scope.perhaps(), scope.frame.only_if(first is not decides):
        second = _condition(scope, condition.second)
    if decides in (first, second):
        return decides
    return None if first is None or second is None else not decides


def _with(scope: Scope, node: tags.WithNode) -> None:
    with scope.noting():
        names = {name: resolve(scope, value) for name, value in node.extra_context.items()}
    with scope.push(names):
        read_nodes(scope, node.nodelist)


def _cache(scope: Scope, node: CacheNode) -> None:
    cache = (Location("cache"),)
    found = operation(
        "django_cache.read", "cache", "{% cache %}", reads=cache, writes=cache, implicit=True
    )
    scope.frame.operate(scope.node("cache"), found)
    with scope.perhaps():
        read_nodes(scope, node.nodelist)


def _regroup(scope: Scope, node: tags.RegroupNode) -> None:
    _, element = loop_over(scope, node.target)
    group = Mapping((("grouper", INERT), ("list", Items(element))), INERT)
    scope.names[-1][node.var_name] = Items(group)


def _simple(scope: Scope, node: SimpleNode) -> None:
    value = _call_tag(scope, node)
    if node.target_var is not None:
        scope.names[-1][node.target_var] = value
    else:
        text_of(scope.frame, scope.node(_tag(node)), value)


def _inclusion(scope: Scope, node: InclusionNode) -> None:
    value = _call_tag(scope, node)
    name = node.filename if isinstance(node.filename, str) else None
    template = _load(scope, node, name) if name else None
    if template is None:
        _unknown(scope, _tag(node))
        return
    names = {str(key): item for key, item in value.entries} if isinstance(value, Mapping) else {}
    if not isinstance(value, Mapping):
        _unknown(scope, _tag(node))
    whole = isinstance(value, Mapping) and isinstance(value.rest, Never)
    with scope.alone(names, whole=whole):
        read_template(scope, template)


def _call_tag(scope: Scope, node: Any) -> Value:
    """The function behind a simple or inclusion tag."""
    positional = [resolve(scope, value) for value in node.args]
    if node.takes_context:
        every = {name: value for level in scope.names for name, value in level.items()}
        positional.insert(0, Mapping(tuple(every.items()), UNKNOWN))
    keywords = {name: resolve(scope, value) for name, value in node.kwargs.items()}
    if node.func.__module__.startswith("django."):
        return INERT
    given = Arguments(tuple(positional), keywords, open=False)
    with scope.noting():
        return call(scope.frame, scope.node(_tag(node)), Live(node.func), given)


def _tag(node: Any) -> str:
    contents = str(getattr(getattr(node, "token", None), "contents", ""))
    return contents.split(" ", maxsplit=1)[0] if contents else type(node).__name__


def _other(scope: Scope, node: Node) -> None:
    """A tag of Django's that does nothing by itself: its expressions are shown, what stands in it may be rendered."""
    for expression in scope.frame.world.templates.parts.expressions(node):
        show(scope, expression)
    name = getattr(node, "asvar", None) or getattr(node, "variable_name", None)
    if isinstance(name, str):
        scope.names[-1][name] = INERT
    for attribute in node.child_nodelists:
        nodes = getattr(node, attribute, None)
        if nodes:
            with scope.perhaps():
                read_nodes(scope, nodes)


def _whole(scope: Scope, node: Any) -> None:
    """A tag around nodes that are always rendered."""
    read_nodes(scope, node.nodelist)


def _nothing(scope: Scope, node: Node) -> None:
    """A tag that shows nothing of the context."""


def _foreign(scope: Scope, node: Node) -> None:
    """A tag class of the project's or of a library's: it may do anything."""
    _unknown(scope, _tag(node))


_READERS: dict[type[Node], Callable[[Scope, Any], None]] = {
    VariableNode: _variable,
    BlockNode: _block,
    IncludeNode: _include,
    InclusionNode: _inclusion,
    SimpleNode: _simple,
    CacheNode: _cache,
    tags.ForNode: _for,
    tags.IfNode: _if,
    tags.WithNode: _with,
    tags.RegroupNode: _regroup,
    tags.AutoEscapeControlNode: _whole,
    tags.SpacelessNode: _whole,
    tags.CommentNode: _nothing,
    tags.CsrfTokenNode: _nothing,
    tags.LoadNode: _nothing,
}
