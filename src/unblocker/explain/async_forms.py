"""The async form of one of Django's own functions: as the catalog names it, else as the installed Django has it."""

import ast
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from unblocker.catalog import families
from unblocker.explain.reports import Frame

_RELATED_FILE = "django/db/models/fields/related_descriptors.py"
_OF_RELATED = ("django.db.models.manager.RelatedManager.", "django.db.models.query.QuerySet.")


@dataclass(frozen=True, slots=True)
class AsyncForm:
    """Its name; `module` where it has to be imported from, empty for a method."""

    name: str
    module: str = ""


def async_form(frame: Frame) -> AsyncForm | None:
    """The async form of the frame's function, if it is Django's or a library's that the catalog knows."""
    path = frame.file.replace("\\", "/")
    return _in_catalog(path, frame.function) or _in_django(path, frame.function)


def _in_catalog(path: str, function: str) -> AsyncForm | None:
    for family in families():
        for entry in family.entries:
            if entry.form in ("method", "function") and any(
                _is_at(call, path, function) for call in entry.calls
            ):
                module, _, last = entry.becomes.rpartition(".")
                name = last if last.removeprefix("a") == function else f"a{function}"
                return AsyncForm(name, module if entry.form == "function" else "")
    return None


def _is_at(call: str, path: str, function: str) -> bool:
    """Whether the dotted name `module.function` or `module.Class.function` is this function of this file."""
    owner, _, name = call.rpartition(".")
    if name != function:
        return False
    if path.endswith(_RELATED_FILE):
        return call.startswith(_OF_RELATED)
    return any(
        path.endswith((f"{module}.py", f"{module}/__init__.py"))
        for module in (owner.replace(".", "/"), owner.rpartition(".")[0].replace(".", "/"))
        if module
    )


def _in_django(path: str, function: str) -> AsyncForm | None:
    """The function with an `a` before its name, beside it in the same class or module of the installed Django."""
    _, found, inside = path.rpartition("/django/")
    if not found or function.startswith("_"):
        return None
    name = f"a{function}"
    tree = _tree(inside)
    if {function, name} <= _functions(tree):
        module = inside.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return AsyncForm(name, f"django.{module}")
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef))
    beside = any({function, name} <= _functions(node) for node in classes)
    return AsyncForm(name) if beside else None


def _functions(node: ast.Module | ast.ClassDef) -> set[str]:
    """Synchronous functions by their name, and asynchronous ones whose name begins with an `a`."""
    return {
        one.name
        for one in node.body
        if isinstance(one, ast.FunctionDef)
        or (isinstance(one, ast.AsyncFunctionDef) and one.name.startswith("a"))
    }


@cache
def _tree(inside: str) -> ast.Module:
    spec = find_spec("django")
    file = Path(spec.origin).parent / inside if spec and spec.origin else Path(inside)
    return ast.parse(file.read_bytes() if file.is_file() else b"")
