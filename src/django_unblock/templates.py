"""Which context variables a template is bound to evaluate, whatever it is rendered with.

Their querysets can be loaded together before rendering. A variable counts only where the template
evaluates it whole and can't skip it: not inside a branch, a loop's body or `{% cache %}`, not
sliced, not below a tag whose workings are unknown. So no query is made that rendering would not
have made.
"""

import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.db.models import QuerySet
from django.template import defaultfilters, loader, loader_tags
from django.template import defaulttags as tags
from django.template.backends.django import Template as DjangoTemplate
from django.template.base import FilterExpression, Node, Template, Variable, VariableNode
from django.template.exceptions import TemplateDoesNotExist
from django.template.library import InclusionNode, SimpleNode
from django.templatetags import i18n, l10n, tz

_PARTS_ALWAYS_RENDERED = (
    tags.AutoEscapeControlNode,
    tags.FilterNode,
    tags.SpacelessNode,
    i18n.LanguageNode,
    l10n.LocalizeNode,
    tz.LocalTimeNode,
    tz.TimezoneNode,
)
_SETS_A_VARIABLE = ("asvar", "target_var", "variable", "variable_name", "varname")
_DEEPEST_INCLUDE = 8

_bound: weakref.WeakKeyDictionary[Template, tuple[str, ...]] = weakref.WeakKeyDictionary()


def unread_querysets(
    template_name: str | Sequence[str], context: Mapping[str, Any] | None, using: str | None
) -> list[QuerySet[Any]]:
    """The context's querysets, not read yet, that rendering is bound to read whole.

    Raises:
        TemplateDoesNotExist, TemplateSyntaxError: as rendering would.
    """
    template = _template(template_name, using)
    if template is None or not context:
        return []
    values = (context.get(name) for name in bound_names(template))
    return [v for v in values if isinstance(v, QuerySet) and v._result_cache is None]


def bound_names(template: Template) -> tuple[str, ...]:
    """The context variables that the template is bound to evaluate, in the order it does.

    A template is read once; so are its parents and what it includes.
    """
    names = _bound.get(template)
    if names is None:
        reader = _Reader(template)
        reader.read_template(template, {})
        names = _bound[template] = tuple(dict.fromkeys(reader.found))
    return names


def _template(template_name: str | Sequence[str], using: str | None) -> Template | None:
    if isinstance(template_name, list | tuple):
        template = loader.select_template(template_name, using=using)
    else:
        template = loader.get_template(template_name, using=using)  # type: ignore[arg-type]
    return template.template if isinstance(template, DjangoTemplate) else None


class _LostError(Exception):
    """From here on nothing is certain."""


type Names = Mapping[str, str | None]  # a name in the template, the context's name for it or None


class _Reader:
    """Walks through what is always rendered, in order."""

    def __init__(self, template: Template, depth: int = 0) -> None:
        self.found: list[str] = []
        self._engine = template.engine
        self._depth = depth
        self._blocks: dict[str, loader_tags.BlockNode] = {}

    def read_template(self, template: Template, names: Names) -> None:
        """Read a template and those it extends, up to where nothing is certain any more."""
        with suppress(_LostError):
            self._walk(self._root(template).nodelist, dict(names))

    def _root(self, template: Template) -> Template:
        """The template that the others extend; what takes the place of its blocks in `_blocks`."""
        chain = [template]
        while (extends := _extends(chain[-1])) is not None:
            for name, block in extends.blocks.items():
                self._blocks.setdefault(name, block)
            parent = self._named(extends.parent_name)
            if parent.name in [template.name for template in chain]:
                raise _LostError  # rendering looks for another one of that name
            chain.append(parent)
        return chain[-1]

    def _named(self, name: FilterExpression) -> Template:
        """The template of that name, if it is written out and there is one."""
        if isinstance(name.var, str) and not name.filters and not name.var.startswith("."):
            try:
                return self._engine.get_template(name.var)
            except TemplateDoesNotExist:
                pass
        raise _LostError

    def _walk(self, nodes: Iterable[Node], names: dict[str, str | None]) -> None:
        for node in nodes:
            read = _READ.get(type(node))
            if read is not None:
                read(self, node, names)
            elif isinstance(node, _PARTS_ALWAYS_RENDERED):
                self._walk(node.nodelist, names)
            else:
                _pass_by(node, names)

    def _evaluate(self, expression: Any, names: Names) -> None:
        name = _name(expression)
        known = names.get(name, name) if name is not None else None
        if known is not None:
            self.found.append(known)

    def _for(self, node: tags.ForNode, names: dict[str, str | None]) -> None:
        self._evaluate(node.sequence, names)

    def _regroup(self, node: tags.RegroupNode, names: dict[str, str | None]) -> None:
        self._evaluate(node.target, names)
        names[node.var_name] = None

    def _variable(self, node: VariableNode, names: dict[str, str | None]) -> None:
        if _takes_length(node.filter_expression):
            self._evaluate(node.filter_expression, names)

    def _if(self, node: tags.IfNode, names: dict[str, str | None]) -> None:
        self._condition(node.conditions_nodelists[0][0], names)

    def _condition(self, condition: Any, names: Names) -> None:
        """What the first condition looks at, whatever it finds."""
        if isinstance(condition, tags.TemplateLiteral):
            self._evaluate(condition.value, names)
        elif condition.id in ("and", "or", "not"):
            self._condition(condition.first, names)
        elif condition.id in ("in", "not in"):
            self._condition(condition.second, names)
        else:
            for side in (condition.first, condition.second):
                if isinstance(side, tags.TemplateLiteral) and _takes_length(side.value):
                    self._evaluate(side.value, names)

    def _with(self, node: tags.WithNode, names: dict[str, str | None]) -> None:
        self._walk(node.nodelist, {**names, **_renamed(node.extra_context, names)})

    def _include(self, node: loader_tags.IncludeNode, names: dict[str, str | None]) -> None:
        if node.isolated_context or self._depth == _DEEPEST_INCLUDE:
            return
        with suppress(_LostError):
            template = self._named(node.template)
            included = _Reader(template, self._depth + 1)
            included.read_template(template, {**names, **_renamed(node.extra_context, names)})
            self.found += included.found

    def _block(self, node: loader_tags.BlockNode, names: dict[str, str | None]) -> None:
        self._walk(self._blocks.get(node.name, node).nodelist, dict(names))


_READ: dict[type[Node], Callable[[_Reader, Any, dict[str, str | None]], None]] = {
    tags.ForNode: _Reader._for,
    tags.RegroupNode: _Reader._regroup,
    tags.IfNode: _Reader._if,
    tags.WithNode: _Reader._with,
    VariableNode: _Reader._variable,
    loader_tags.IncludeNode: _Reader._include,
    loader_tags.BlockNode: _Reader._block,
}


def _extends(template: Template) -> Any | None:
    return next((n for n in template.nodelist if isinstance(n, loader_tags.ExtendsNode)), None)


def _pass_by(node: Node, names: dict[str, str | None]) -> None:
    """Note the variable that a tag sets.

    Raises:
        _LostError: it is a tag of the project's that may change the context as it likes.
    """
    if isinstance(node, SimpleNode | InclusionNode):
        known = not node.takes_context or node.func.__module__.startswith("django.")
    else:
        known = type(node).__module__.startswith(("django.template.", "django.templatetags."))
    if not known:
        raise _LostError
    for attribute in _SETS_A_VARIABLE:
        name = getattr(node, attribute, None)
        if isinstance(name, str):
            names[name] = None


def _renamed(assigned: Mapping[str, FilterExpression], names: Names) -> dict[str, str | None]:
    """What `with` and `include ... with` call a variable; None where it is something new."""
    renamed: dict[str, str | None] = {}
    for new, expression in assigned.items():
        old = _plain_name(expression)
        renamed[new] = names.get(old, old) if old is not None else None
    return renamed


def _name(expression: Any) -> str | None:
    """The variable whose value the expression evaluates whole, or None."""
    return _plain_name(expression, but_for_filters=_takes_length(expression))


def _plain_name(expression: Any, *, but_for_filters: bool = False) -> str | None:
    variable = expression.var
    if not isinstance(variable, Variable) or (expression.filters and not but_for_filters):
        return None
    lookups = variable.lookups
    return lookups[0] if lookups is not None and len(lookups) == 1 else None


def _takes_length(expression: Any) -> bool:
    return [function for function, _ in expression.filters[:1]] == [defaultfilters.length]
