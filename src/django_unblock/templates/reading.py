"""What a template is bound to evaluate, whatever it is rendered with.

A use counts only where rendering cannot skip it: not inside a branch, a loop's body or `{% cache %}`,
not under another language or time zone. Behind a tag or an include whose workings are unknown nothing
is certain any more, since it may change the context or use it in any way.

What a template calls (a method, a filter, a tag of the project's) is taken to do no more than read:
it is not expected to write what the template reads later.
"""

import math
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

from django.template import base, defaultfilters, library, loader_tags
from django.template import defaulttags as tags
from django.template.base import FilterExpression, Node, NodeList, Template, Variable
from django.template.exceptions import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loaders import cached
from django.templatetags import l10n, tz

type Path = tuple[str, ...]  # a variable of the context and the lookups on it
type Names = Mapping[str, Path | None]

# What a tag is sure to do with its expressions and its parts; it is one of these, not a subclass.
_CALLS = {library.SimpleNode, library.InclusionNode, getattr(library, "SimpleBlockNode", None)}
_RESOLVES_ALL = {tags.URLNode, *_CALLS}
_RENDERS_ALL = {
    *(tags.AutoEscapeControlNode, tags.FilterNode, tags.SpacelessNode),
    *(l10n.LocalizeNode, tz.LocalTimeNode),
}
_DOES_ANYTHING = {tags.DebugNode, getattr(tags, "PartialNode", None)}
_SETS_A_VARIABLE = ("asvar", "target_var", "var_name", "variable", "variable_name", "varname")


@dataclass(slots=True)
class Use:
    """How a template uses a variable of the context. Places count through the rendering.

    Attributes:
        whole: the first place bound to iterate over it, or to ask for its length or truth.
        otherwise: the first place that may use it in another way, or hand it on.
        paths: the lookups on it that the template is bound to make.
    """

    whole: float = math.inf
    otherwise: float = math.inf
    paths: dict[Path, None] = field(default_factory=dict)


_uses: weakref.WeakKeyDictionary[Template, dict[str, Use]] = weakref.WeakKeyDictionary()


def uses(template: Template) -> Mapping[str, Use]:
    """How the template uses the variables of its context, by name; it is read once."""
    known = _uses.get(template)
    if known is None:
        reader = _Reader(template)
        with suppress(_LostError, AttributeError):  # it may only resemble a template
            reader.read(template, _Scope())
        known = _uses[template] = reader.found
    return known


class _LostError(Exception):
    """From here on nothing is certain."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """What names stand for at one place of the rendering.

    Attributes:
        known: names that `with`, `include` or a loop set; None for what is nobody else's.
        isolated: other names stand for nothing, rather than for the context's.
        block: the `{% block %}` being rendered.
    """

    known: Names = field(default_factory=dict)
    isolated: bool = False
    block: str = ""

    def path(self, lookups: Path) -> Path | None:
        name, *rest = lookups
        start = self.known.get(name, None if self.isolated else (name,))
        return None if start is None else (*start, *rest)

    def inside(self, names: Names, block: str = "") -> "_Scope":
        return _Scope({**self.known, **names}, self.isolated, block or self.block)


class _Reader:
    """Goes through what may be rendered, in that order."""

    def __init__(self, template: Template) -> None:
        self.found: dict[str, Use] = {}
        self._template = template
        self._place = count()
        self._certain = True
        self._set: set[str] = set()
        self._blocks: dict[str, list[loader_tags.BlockNode]] = {}
        self._open: list[Template] = []

    def read(self, template: Template, scope: _Scope) -> None:
        """Read a template and those it extends.

        Raises:
            _LostError: what is rendered next is uncertain.
        """
        if template in self._open:
            raise _LostError
        self._open.append(template)
        outer, self._blocks = self._blocks, {}
        self._walk(self._root(template).nodelist, scope)
        self._blocks = outer
        self._open.pop()

    def _root(self, template: Template) -> Template:
        """The template that the others extend; what takes the place of its blocks in `_blocks`."""
        names = [template.name]
        while (extends := _extends(template)) is not None:
            self._add_blocks(extends.nodelist)
            template = self._named(extends.parent_name)
            if template.name in names:
                raise _LostError  # rendering looks for another one of that name
            names.append(template.name)
        self._add_blocks(template.nodelist)
        return template

    def _add_blocks(self, nodelist: Any) -> None:
        for block in nodelist.get_nodes_by_type(loader_tags.BlockNode):
            self._blocks.setdefault(block.name, []).append(block)

    def _named(self, name: FilterExpression) -> Template:
        """The template of that name, if it is written out and rendering would get the same one."""
        engine = self._template.engine
        are_kept = all(type(loader) is cached.Loader for loader in engine.template_loaders)
        if are_kept and isinstance(name.var, str) and not name.filters:
            with suppress(Exception):  # rendering will raise it in its place
                return _found(name.var, engine)
        raise _LostError

    def _walk(self, nodes: Iterable[Any], scope: _Scope) -> None:
        for node in nodes:
            _READ.get(type(node), _Reader._other)(self, node, scope)

    @contextmanager
    def _perhaps(self, condition: bool = True) -> Iterator[None]:
        """What is read inside may be skipped by rendering, if the condition holds."""
        outer, self._certain = self._certain, self._certain and not condition
        yield
        self._certain = outer

    def _use(self, expression: Any, scope: _Scope, *, whole: bool = False) -> None:
        """Note what resolving an expression reads; `whole` is what is done with its value."""
        if filters := getattr(expression, "filters", ()):
            whole = filters[0][0] is defaultfilters.length
            with self._perhaps():
                for is_name, argument in chain.from_iterable(given for _, given in filters):
                    if is_name:
                        self._use(argument, scope)
        if lookups := _lookups(expression):
            self._note(lookups, scope, whole=whole)

    def _note(self, lookups: Path, scope: _Scope, *, whole: bool) -> None:
        path = self._path(lookups, scope)
        if path is None:
            if lookups[:2] == ("block", "super"):
                self._next_block(scope.block, scope)
            return
        name, *rest = path
        use = self.found.setdefault(name, Use())
        if not whole or rest:
            use.otherwise = min(use.otherwise, next(self._place))
        elif self._certain:
            use.whole = min(use.whole, next(self._place))
        if rest and self._certain:
            use.paths[tuple(rest)] = None

    def _path(self, lookups: Path, scope: _Scope) -> Path | None:
        return None if lookups[0] in self._set else scope.path(lookups)

    def _assigned(self, values: Mapping[str, FilterExpression], scope: _Scope) -> Names:
        """What `with` and `include ... with` call a variable; None where it is something new."""
        names: dict[str, Path | None] = {}
        for name, value in values.items():
            lookups = _lookups(value)
            is_plain = bool(lookups) and not value.filters
            names[name] = self._path(lookups, scope) if is_plain else None
            if not is_plain or len(lookups) > 1:
                self._use(value, scope)
        return names

    def _for(self, node: tags.ForNode, scope: _Scope) -> None:
        self._use(node.sequence, scope, whole=True)
        with self._perhaps():
            self._walk(node.nodelist_loop, scope.inside(dict.fromkeys([*node.loopvars, "forloop"])))
            self._walk(node.nodelist_empty, scope)

    def _if(self, node: tags.IfNode, scope: _Scope) -> None:
        for place, (condition, nodelist) in enumerate(node.conditions_nodelists):
            with self._perhaps(place > 0):
                self._condition(condition, scope)
            with self._perhaps():
                self._walk(nodelist, scope)

    def _condition(self, condition: Any, scope: _Scope, *, whole: bool = True) -> None:
        """A condition's operands; an error in one of them hides, and ends the whole condition."""
        if isinstance(condition, tags.TemplateLiteral):
            self._use(condition.value, scope, whole=whole)
        elif condition is not None:
            truth, inside = condition.id in ("and", "or", "not"), condition.id in ("in", "not in")
            self._condition(condition.first, scope, whole=truth)
            with self._perhaps(truth or not _cannot_fail(condition.first)):
                self._condition(condition.second, scope, whole=truth or inside)

    def _with(self, node: tags.WithNode, scope: _Scope) -> None:
        self._walk(node.nodelist, scope.inside(self._assigned(node.extra_context, scope)))

    def _include(self, node: loader_tags.IncludeNode, scope: _Scope) -> None:
        names = self._assigned(node.extra_context, scope)
        inner = _Scope(names, isolated=True) if node.isolated_context else scope.inside(names)
        self.read(self._named(node.template), inner)

    def _next_block(self, name: str, scope: _Scope) -> None:
        """Read what is rendered for the block here: the furthest child's, or behind it its parent's."""
        if waiting := self._blocks.get(name):
            block = waiting.pop(0)
            self._walk(block.nodelist, scope.inside({"block": None}, name))
            waiting.insert(0, block)

    def _other(self, node: Node, scope: _Scope) -> None:
        """A tag that uses what it is given and renders its parts, or does not."""
        if not _is_known(node):
            raise _LostError
        if type(node) is tags.RegroupNode:
            self._use(node.target, scope, whole=True)
        with self._perhaps(type(node) not in _RESOLVES_ALL):
            for expression in _expressions(vars(node)):
                self._use(expression, scope)
        with self._perhaps(type(node) not in _RENDERS_ALL):
            for part in vars(node).values():
                if isinstance(part, NodeList):
                    self._walk(part, scope)
        self._set.update(str(getattr(node, name, "")) for name in _SETS_A_VARIABLE)


def _found(name: str, engine: Any) -> Template:
    """The template; that there is none is not kept, for rendering is to tell where it looked."""
    try:
        template: Template = engine.get_template(name)
    except TemplateDoesNotExist:
        for loader in engine.template_loaders:
            loader.get_template_cache.pop(loader.cache_key(name), None)
        raise
    return template


_READ: dict[type[Node], Callable[[_Reader, Any, _Scope], None]] = {
    base.VariableNode: lambda reader, node, scope: reader._use(node.filter_expression, scope),
    tags.ForNode: _Reader._for,
    tags.IfNode: _Reader._if,
    tags.WithNode: _Reader._with,
    loader_tags.IncludeNode: _Reader._include,
    loader_tags.BlockNode: lambda reader, node, scope: reader._next_block(node.name, scope),
}


def _extends(template: Template) -> Any | None:
    return next((n for n in template.nodelist if type(n) is loader_tags.ExtendsNode), None)


def _is_known(node: Any) -> bool:
    """Whether all that it does is to use what it is given and to set a variable."""
    if type(node) in _CALLS:
        return not node.takes_context or node.func.__module__.startswith("django.")
    home = type(node).__module__
    return type(node) not in _DOES_ANYTHING and home.startswith(
        ("django.template.", "django.templatetags.")
    )


def _cannot_fail(operand: Any) -> bool:
    """Whether the operand of a condition is a literal or a plain name."""
    value = getattr(operand, "value", None)
    return value is not None and not value.filters and len(_lookups(value)) < 2


def _lookups(expression: Any) -> Path:
    """The dotted name that an expression starts with; empty if it is a literal."""
    variable = expression if isinstance(expression, Variable) else expression.var
    return (variable.lookups or ()) if isinstance(variable, Variable) else ()


def _expressions(part: Any) -> Iterator[FilterExpression | Variable]:
    """The expressions and variables among a node's attributes."""
    if isinstance(part, FilterExpression | Variable):
        yield part
    elif isinstance(part, base.Token) and part.token_type is base.TokenType.VAR:
        with suppress(TemplateSyntaxError):
            yield Variable(part.contents)
    elif isinstance(part, dict | list | tuple) and not isinstance(part, NodeList):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from _expressions(inner)
