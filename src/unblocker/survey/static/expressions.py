"""Evaluating an expression at the top of a module, as far as that needs no code of the project."""

from __future__ import annotations

import ast
import builtins
import operator
import os
from types import FunctionType
from typing import TYPE_CHECKING, Any

from unblocker.survey.harmless import module_of
from unblocker.survey.static import hollow
from unblocker.survey.static.classes import is_own
from unblocker.survey.static.hollow import Missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping

_MAY_BE_CALLED = frozenset(
    {
        "django", "rest_framework", "mptt", "model_utils", "taggit", "polymorphic", "django_filters", "treebeard",
        "functools", "collections", "datetime", "decimal", "re", "pathlib", "posixpath", "genericpath", "enum", "uuid",
        "dataclasses", "typing", "itertools", "operator", "string", "logging", "types", "environ", "decouple",
        "_operator", "_functools", "_collections", "asgiref",
    }
)  # fmt: skip
"""Packages whose functions and classes make objects and do nothing else."""

_MAKERS = frozenset(
    {"requests.sessions.Session", "requests.sessions.session", "boto3.client", "boto3.resource"}
)
"""Of packages that do more, what only makes an object."""

_BUILTINS = frozenset(
    {
        "len", "str", "int", "float", "bool", "bytes", "dict", "list", "tuple", "set", "frozenset", "range", "sorted",
        "reversed", "zip", "enumerate", "min", "max", "sum", "any", "all", "isinstance", "issubclass", "property",
        "classmethod", "staticmethod", "object", "abs", "round", "getattr", "hasattr", "type", "slice", "repr",
        "callable",
    }
)  # fmt: skip

_PLAIN = (str, bytes, int, float, list, dict, tuple, set, frozenset)

_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.BitOr: operator.or_, ast.BitAnd: operator.and_,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.In: lambda left, right: left in right, ast.NotIn: lambda left, right: left not in right,
    ast.Not: operator.not_, ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Invert: operator.invert,
}  # fmt: skip


class UnknownValueError(Exception):
    """Only running the project would tell the value."""


class Evaluator:
    """Evaluates expressions where these names are known; `lost` hears of each part that could be left out."""

    def __init__(
        self,
        names: MutableMapping[str, object],
        around: dict[str, object],
        file: str,
        lost: Callable[[ast.expr, str], None],
    ) -> None:
        self.names = names
        self.around = around
        self.file = file
        self.lost = lost

    def value(self, node: ast.expr) -> Any:
        """What the expression gives; UnknownValueError where that can't be told."""
        reader = getattr(self, f"_{type(node).__name__.lower()}", None)
        if reader is None:
            raise UnknownValueError(ast.unparse(node))
        try:
            return reader(node)
        except UnknownValueError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever Django's code makes of what it is given
            raise UnknownValueError(f"{type(error).__name__}: {error}") from None

    def parts(self, nodes: list[ast.expr]) -> Iterator[Any]:
        """The values of a list's parts, those left out that are unknown."""
        for node in nodes:
            try:
                if isinstance(node, ast.Starred):
                    yield from self.value(node.value)
                else:
                    yield self.value(node)
            except UnknownValueError as error:
                self.lost(node, str(error))

    def _constant(self, node: ast.Constant) -> Any:
        return node.value

    def _name(self, node: ast.Name) -> Any:
        for names in (self.names, self.around):
            if node.id in names:
                return names[node.id]
        if node.id in ("True", "False", "None") or hasattr(builtins, node.id):
            return getattr(builtins, node.id)
        raise UnknownValueError(node.id)

    def _attribute(self, node: ast.Attribute) -> Any:
        return getattr(self.value(node.value), node.attr)

    def _subscript(self, node: ast.Subscript) -> Any:
        return self.value(node.value)[self.value(node.slice)]

    def _slice(self, node: ast.Slice) -> slice:
        bounds = (node.lower, node.upper, node.step)
        return slice(*(self.value(one) if one is not None else None for one in bounds))

    def _list(self, node: ast.List) -> list[Any]:
        return list(self.parts(node.elts))

    def _tuple(self, node: ast.Tuple) -> tuple[Any, ...]:
        return tuple(self.parts(node.elts))

    def _set(self, node: ast.Set) -> set[Any]:
        return set(self.parts(node.elts))

    def _dict(self, node: ast.Dict) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            try:
                found |= self.value(value) if key is None else {self.value(key): self.value(value)}
            except UnknownValueError as error:
                self.lost(value, str(error))
        return found

    def _joinedstr(self, node: ast.JoinedStr) -> str:
        return "".join(str(self.value(part)) for part in node.values)

    def _formattedvalue(self, node: ast.FormattedValue) -> str:
        return str(self.value(node.value))

    def _binop(self, node: ast.BinOp) -> Any:
        return _OPERATORS[type(node.op)](self.value(node.left), self.value(node.right))

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        return _OPERATORS[type(node.op)](self.value(node.operand))

    def _boolop(self, node: ast.BoolOp) -> Any:
        stops = isinstance(node.op, ast.Or)
        for operand in node.values[:-1]:
            value = self.value(operand)
            if bool(value) == stops:
                return value
        return self.value(node.values[-1])

    def _compare(self, node: ast.Compare) -> bool:
        left = self.value(node.left)
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.value(right_node)
            if not _OPERATORS[type(op)](left, right):
                return False
            left = right
        return True

    def _ifexp(self, node: ast.IfExp) -> Any:
        return self.value(node.body if self.value(node.test) else node.orelse)

    def _lambda(self, node: ast.Lambda) -> Any:
        return hollow.function(node, "<lambda>", self.file, self.around)

    def _listcomp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> list[Any]:
        return [inner.value(node.elt) for inner in self._rounds(node.generators)]

    _generatorexp = _listcomp

    def _setcomp(self, node: ast.SetComp) -> set[Any]:
        return set(self._listcomp(node))

    def _dictcomp(self, node: ast.DictComp) -> dict[Any, Any]:
        rounds = self._rounds(node.generators)
        return {inner.value(node.key): inner.value(node.value) for inner in rounds}

    def _rounds(self, generators: list[ast.comprehension]) -> Iterator[Evaluator]:
        """One evaluator for each round of a comprehension, which knows its variables."""
        if not generators:
            yield self
            return
        first, *rest = generators
        for item in list(self.value(first.iter)):
            inner = Evaluator({**self.names}, self.around, self.file, self.lost)
            bind(inner.names, first.target, item)
            if all(inner.value(test) for test in first.ifs):
                yield from inner._rounds(rest)

    def _call(self, node: ast.Call) -> Any:
        called = self.value(node.func)
        positional = [
            item
            for one in node.args
            for item in (
                self.value(one.value) if isinstance(one, ast.Starred) else [self.value(one)]
            )
        ]
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            try:
                value = self.value(keyword.value)
                named |= value if keyword.arg is None else {keyword.arg: value}
            except UnknownValueError as error:
                self.lost(keyword.value, str(error))
        return call(called, positional, named)


def call(called: Any, positional: list[Any], named: dict[str, Any]) -> Any:
    """Call what may be called; UnknownValueError for the project's own functions and for what might do more."""
    if hollow.is_empty(called) and isinstance(owner := getattr(called, "__self__", None), type):
        called = _inherited(owner, called.__name__)
    if hollow.is_empty(called) and len(positional) == 1 and isinstance(positional[0], FunctionType):
        return hollow.wrapped(positional[0], called)  # most likely a decorator; it may do anything
    if isinstance(called, Missing) or hollow.is_empty(called):
        raise UnknownValueError(f"what {_name_of(called)} returns")
    if isinstance(called, type) and hollow.is_empty(_initializer(called)):
        return _instance(called, positional, named)
    if not _may_be_called(called):
        raise UnknownValueError(f"what {_name_of(called)} returns")
    return called(*positional, **named)


def _inherited(owner: type, name: str) -> Any:
    """The class method of a library that the project's own class method stands before, and most likely calls."""
    found = (vars(base)[name] for base in owner.__mro__ if name in vars(base))
    library = next((one for one in found if not hollow.is_empty(one)), None)
    return library.__get__(None, owner) if library is not None else Missing(name)


def _may_be_called(called: Any) -> bool:
    if f"{getattr(called, '__module__', '')}.{_name_of(called)}" in _MAKERS:
        return True
    owner = getattr(called, "__self__", None)
    if isinstance(owner, _PLAIN) or owner in _PLAIN:
        return True
    if owner is os.environ:
        return True
    if isinstance(called, type):
        roots = {base.__module__.partition(".")[0] for base in called.__mro__}
        is_plain = all(base is object or is_own(base) for base in called.__mro__)
        return (
            (is_plain and called is not object)
            or bool(roots & _MAY_BE_CALLED)
            or called.__name__ in _BUILTINS
        )
    module = module_of(called)
    if module == "builtins":
        return getattr(called, "__name__", "") in _BUILTINS
    if module == "os":
        return getattr(called, "__name__", "") in ("getenv", "fspath", "getcwd")
    return module.partition(".")[0] in _MAY_BE_CALLED


def _instance(cls: Any, positional: list[Any], named: dict[str, Any]) -> Any:
    """An object of a class of the project that has an `__init__` of its own: set up by the first base that is not."""
    made = cls.__new__(cls)
    known = (_initializer(base) for base in cls.__mro__)
    initializer = next(one for one in known if not hollow.is_empty(one))
    try:
        initializer(made, *positional, **named)
    except TypeError:
        initializer(made)
    return made


def _initializer(cls: type) -> Any:
    return getattr(cls, "__init__")  # noqa: B009  # mypy takes the attribute for an object's


def _name_of(called: Any) -> str:
    known = getattr(called, "missing_name", None) or getattr(called, "__qualname__", None)
    return str(known or type(called).__qualname__)


def bind(names: MutableMapping[str, object], target: ast.expr, value: Any) -> None:
    """Give names a value; items of the project's own dictionaries and lists are left to the caller."""
    if isinstance(target, ast.Name):
        names[target.id] = value
    elif isinstance(target, ast.Tuple | ast.List):
        for part, item in zip(target.elts, value, strict=True):
            bind(names, part, item)
