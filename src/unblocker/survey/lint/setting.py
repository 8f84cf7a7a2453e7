"""What surrounds async code: which runtime serves it, the settings, the views that are asynchronous."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings as django_settings

from unblocker.records.places import Place
from unblocker.survey.live import plain_function
from unblocker.survey.looking import is_coroutine_function, look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from unblocker.records.survey import Project
    from unblocker.survey.lint.helpers import Helpers
    from unblocker.survey.lint.rule import Runtime
    from unblocker.survey.sources import Source, Sources
    from unblocker.survey.urls import Endpoint

_ENGINES = "django_unblock.db."
_APPLICATION = "django_unblock.asgi"
_ASGI_APPS = frozenset({"daphne", "channels"})


@dataclass(frozen=True, slots=True)
class Setting:
    """The project as rules see it; `endpoints` are the URLconf's, admin left out."""

    project: Project
    sources: Sources
    endpoints: tuple[Endpoint, ...]
    runtime: Runtime
    helpers: Helpers

    def async_views(self) -> Iterator[Endpoint]:
        """The endpoints whose callback Django awaits, each view once."""
        seen = set()
        for endpoint in self.endpoints:
            if is_coroutine_function(endpoint.callback) and id(endpoint.callback) not in seen:
                seen.add(id(endpoint.callback))
                yield endpoint

    def is_served_by_asgi(self) -> bool:
        """Whether the project itself says so: it has async views, an ASGI_APPLICATION, daphne or channels."""
        named = getattr(django_settings, "ASGI_APPLICATION", None) is not None
        apps = _ASGI_APPS.intersection(self.project.installed_apps)
        return named or bool(apps) or next(self.async_views(), None) is not None

    def place_of(self, text: str) -> Place:
        """Where the settings hold this text; their first line where they don't."""
        for name in reversed(self.project.settings_files):
            source = self.sources.read(self.sources.root / name)
            for node in ast.walk(source.tree) if source else ():
                if isinstance(node, ast.Constant) and node.value == text and source:
                    return source.place(node)
        name = self.project.settings_files[-1] if self.project.settings_files else "settings.py"
        return Place(name, 1, 0, 1, 0)

    def place_of_view(self, endpoint: Endpoint) -> Place | None:
        """The name of the view in its `def`, or `class`; None where it is not the project's own."""
        cls = look(endpoint.callback, "view_class")
        function = plain_function(endpoint.callback)
        path = inspect.getsourcefile(cls) if cls else function and function.__code__.co_filename
        source = self.sources.read(path) if path and self.sources.owns(path) else None
        name = look(cls or function, "__name__", "")
        for node in ast.walk(source.tree) if source else ():
            if isinstance(node, ast.AsyncFunctionDef | ast.ClassDef) and node.name == name:
                return headline(source, node) if source else None
        return None


def headline(source: Source, node: ast.AsyncFunctionDef | ast.ClassDef) -> Place:
    """The place of a definition, told by its first line: the whole would be too much to mark."""
    end = len(source.lines[node.lineno - 1])
    return Place(source.name, node.lineno, node.col_offset, node.lineno, end)


def runtime_of(project: Project, root: Path) -> Runtime:
    """The runtime of the loaded settings: ours if every engine is, and asgi.py, if there is one, asks for it."""
    engines = [database.engine for database in project.databases]
    ours = bool(engines) and all(engine.startswith(_ENGINES) for engine in engines)
    if not ours or "django_unblock" not in project.installed_apps:
        return "stock"
    if project.asgi_file is not None:
        text = (root / project.asgi_file).read_text(encoding="utf-8", errors="replace")
        return "unblock" if _APPLICATION in text else "stock"
    return "unblock"
