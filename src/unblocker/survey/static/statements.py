"""Going through a module's top level, or a class's body: what each name stands for afterwards."""

from __future__ import annotations

import ast
import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

from unblocker.survey.static import hollow
from unblocker.survey.static.classes import make_class
from unblocker.survey.static.expressions import Evaluator, UnknownValueError, bind, call
from unblocker.survey.static.hollow import Missing

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence

    from unblocker.survey.sources import Definition, Source
    from unblocker.survey.static.losses import Losses

_MANY = 1000


class Body:
    """The statements of a module or class; `names` are filled, `around` are the module's names."""

    def __init__(
        self,
        source: Source,
        file: str,
        losses: Losses,
        names: MutableMapping[str, object],
        around: dict[str, object],
        prefix: str = "",
    ) -> None:
        self.source = source
        self.file = file
        self.losses = losses
        self.names = names
        self.around = around
        self.prefix = prefix
        self.evaluator = Evaluator(names, around, file, self._lost)

    def run(self, statements: Sequence[ast.stmt]) -> None:
        """Evaluate the statements in order; what is not understood leaves its names unbound."""
        for statement in statements:
            reader = getattr(self, f"_{type(statement).__name__.lower()}", None)
            try:
                if reader is not None:
                    reader(statement)
            except UnknownValueError as error:
                self._unknown(statement, str(error))

    def _lost(self, node: ast.expr | ast.stmt, why: str) -> None:
        place = self.source.place(node)
        self.losses.note("U442", f"a value is unknown: {why}", place)

    def _unknown(self, statement: ast.stmt, why: str) -> None:
        for target in getattr(statement, "targets", None) or [getattr(statement, "target", None)]:
            if isinstance(target, ast.Name) and target.id == "urlpatterns":
                self.names[target.id] = []
            elif isinstance(target, ast.Name):
                self.names.pop(target.id, None)
        self._lost(statement, why)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            module = self._module(alias.name, node)
            top = alias.name.partition(".")[0]
            whole = module if alias.asname else self._module(top, node)
            self.names[alias.asname or top] = whole

    def _importfrom(self, node: ast.ImportFrom) -> None:
        package = str(self.around.get("__package__") or "")
        name = "." * node.level + (node.module or "")
        full = importlib.util.resolve_name(name, package) if node.level else name
        module = self._module(full, node)
        for alias in node.names:
            if alias.name == "*":
                self._all_of(module)
            else:
                self.names[alias.asname or alias.name] = self._member(
                    full, module, alias.name, node
                )

    def _member(self, full: str, module: object, name: str, node: ast.stmt) -> object:
        if isinstance(module, Missing):
            return getattr(module, name)
        try:
            return getattr(module, name)
        except AttributeError:
            return self._module(f"{full}.{name}", node)

    def _all_of(self, module: object) -> None:
        found = {} if isinstance(module, Missing) else vars(module)
        public = found.get("__all__") or [name for name in found if not name.startswith("_")]
        self.names.update({name: found[name] for name in public if name in found})

    def _module(self, name: str, node: ast.stmt) -> object:
        try:
            return importlib.import_module(name)
        except Exception as error:  # noqa: BLE001  # whatever a library raises: it is as if it were not there
            place = self.source.place(node)
            self.losses.note("U441", f"{name} can't be imported: {type(error).__name__}", place)
            return Missing(name)

    def _functiondef(self, node: Definition) -> None:
        qualname = f"{self.prefix}{node.name}"
        defaults = self._defaults(node)
        made: Any = hollow.function(node, qualname, self.file, self.around, defaults)
        for decorator in reversed(node.decorator_list):
            made = self._decorated(made, decorator)
        self.names[node.name] = made

    _asyncfunctiondef = _functiondef

    def _defaults(self, node: Definition) -> tuple[list[object], dict[str, object]]:
        named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        return [self._default(one) for one in node.args.defaults], {
            argument.arg: self._default(value) for argument, value in named if value is not None
        }

    def _default(self, node: ast.expr) -> object:
        try:
            return self.evaluator.value(node)
        except UnknownValueError:
            return Missing(ast.unparse(node))

    def _decorated(self, made: Any, node: ast.expr) -> Any:
        named = node.func if isinstance(node, ast.Call) else node
        try:
            decorator = self.evaluator.value(named)
        except UnknownValueError:
            decorator = Missing(ast.unparse(named))
        if isinstance(decorator, Missing) or hollow.is_empty(decorator):
            return made if isinstance(made, type) else hollow.wrapped(made, decorator)
        try:
            return call(self.evaluator.value(node), [made], {}) or made
        except Exception as error:  # noqa: BLE001  # a decorator that needs what is not there
            self._lost(node, f"what the decorator makes of it: {error}")
            return made

    def _classdef(self, node: ast.ClassDef) -> None:
        qualname = f"{self.prefix}{node.name}"
        names: dict[str, object] = {}
        inner = Body(self.source, self.file, self.losses, names, self.around, f"{qualname}.")
        inner.run(node.body)
        names.update({"__module__": self.around["__name__"], "__qualname__": qualname})
        bases = tuple(self.evaluator.parts(node.bases))
        made: Any = make_class(node.name, bases, names, self._keywords(node))
        if made.told is not None:
            self.losses.note("U443", f"{qualname}: {made.told}", self.source.place(node))
        cls: Any = made.cls
        for decorator in reversed(node.decorator_list):
            cls = self._decorated(cls, decorator)
        self.names[node.name] = cls

    def _keywords(self, node: ast.ClassDef) -> dict[str, Any]:
        return {
            one.arg: self.evaluator.value(one.value) for one in node.keywords if one.arg is not None
        }

    def _assign(self, node: ast.Assign) -> None:
        value = self.evaluator.value(node.value)
        for target in node.targets:
            self._bind(target, value)

    def _annassign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._bind(node.target, self.evaluator.value(node.value))

    def _augassign(self, node: ast.AugAssign) -> None:
        old = ast.copy_location(ast.Name(getattr(node.target, "id", ""), ast.Load()), node)
        whole = ast.copy_location(ast.BinOp(old, node.op, node.value), node)
        if isinstance(node.target, ast.Name):
            before = self.names.get(node.target.id)
            try:
                self.names[node.target.id] = self.evaluator.value(whole)
            except UnknownValueError as error:
                self._lost(node, str(error))
                self.names[node.target.id] = before

    def _bind(self, target: ast.expr, value: Any) -> None:
        if isinstance(target, ast.Subscript):
            holder = self.evaluator.value(target.value)
            if type(holder) in (dict, list):
                holder[self.evaluator.value(target.slice)] = value
        else:
            bind(self.names, target, value)

    def _expr(self, node: ast.Expr) -> None:
        self.evaluator.value(node.value)

    def _if(self, node: ast.If) -> None:
        try:
            holds = bool(self.evaluator.value(node.test))
        except UnknownValueError as error:
            self._lost(node.test, f"{error}; its condition is taken to hold")
            holds = True
        self.run(node.body if holds else node.orelse)

    def _try(self, node: ast.Try) -> None:
        """Its body; the first handler where the body's imports fail."""
        failed = self._fails(node.body)
        if failed and node.handlers:
            self.run(node.handlers[0].body)
        else:
            self.run([*node.body, *node.orelse])
        self.run(node.finalbody)

    def _fails(self, statements: list[ast.stmt]) -> bool:
        """Whether an import among the statements does."""
        package = str(self.around.get("__package__") or "")
        for statement in statements:
            names: list[str] = []
            if isinstance(statement, ast.Import):
                names = [alias.name for alias in statement.names]
            elif isinstance(statement, ast.ImportFrom):
                names = ["." * statement.level + (statement.module or "")]
            for name in names:
                try:
                    importlib.import_module(name, package)
                except Exception:  # noqa: BLE001  # as above
                    return True
        return False

    def _with(self, node: ast.With) -> None:
        self.run(node.body)

    def _for(self, node: ast.For) -> None:
        for item in list(self.evaluator.value(node.iter))[:_MANY]:
            bind(self.names, node.target, item)
            self.run(node.body)
