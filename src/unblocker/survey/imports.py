"""Imports inside functions: they are carried out, as the function would."""

import ast
import importlib
from collections.abc import Iterator

from unblocker.survey.frame import Frame
from unblocker.survey.live import value_of
from unblocker.survey.values import UNKNOWN, Value


def bindings(frame: Frame, node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Value]]:
    """The names that the statement binds, and what they are; unknown where the import fails."""
    package = str(frame.namespace.get("__package__") or "")
    for alias in node.names:
        if isinstance(node, ast.Import):
            name = alias.asname or alias.name.partition(".")[0]
            module = _load(alias.name, None)
            wanted = module if alias.asname else _load(name, None)
            yield name, UNKNOWN if wanted is None else value_of(wanted)
        else:
            origin = "." * node.level + (node.module or "")
            yield alias.asname or alias.name, _member(origin, alias.name, package)
    frame.world.index.refresh()


def _member(origin: str, name: str, package: str) -> Value:
    module = _load(origin, package)
    if module is None:
        return UNKNOWN
    if hasattr(module, name):
        return value_of(getattr(module, name))
    inner = _load(
        f"{origin.rstrip('.')}.{name}" if origin.strip(".") else f"{origin}{name}", package
    )
    return UNKNOWN if inner is None else value_of(inner)


def _load(name: str, package: str | None) -> object | None:
    try:
        return importlib.import_module(name, package)
    except Exception:  # noqa: BLE001  # whatever a module of the project raises: it stays unknown
        return None
