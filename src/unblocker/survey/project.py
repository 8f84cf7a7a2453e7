"""Loading the user's project the way its manage.py does, in this process, without its database."""

import ast
import importlib
import os
import platform
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import django
from django.apps import apps
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLResolver, get_resolver

from unblocker.config import SETTINGS_VARIABLE, settings_of_pytest
from unblocker.errors import UnblockError
from unblocker.records.survey import Database, Project
from unblocker.signals import SignalExit
from unblocker.survey.database_guard import no_connections, own_place
from unblocker.survey.loading import Loading
from unblocker.survey.manage_path import added_folders
from unblocker.survey.sources import Sources, syntax_problem
from unblocker.trees import project_folder

_STATIC = "`survey --static` reads the source alone and runs nothing."


@dataclass(frozen=True, slots=True)
class Loaded:
    """The project, loaded: its facts, its source files and the root of its URLconf."""

    project: Project
    sources: Sources
    resolver: URLResolver


def load_project(root: Path, settings: str | None, loading: Loading | None = None) -> Loaded:
    """Load the project below `root` with these settings, or those that the environment or its manage.py names.

    `loading` is told of each step.

    Raises:
        UnblockError: there is no project (U020), no settings are named (U021) or they can't be imported (U022), the
            project fails to import (U023), it connects to its database (U024), a file it needs is not valid Python
            (U025), or its URLconf can't be imported (U027).
    """
    folder = project_folder(root, settings)
    loading = loading or Loading(Sources(folder))
    sources = loading.sources
    name = settings or os.environ.get(SETTINGS_VARIABLE) or _settings_of_files(folder)
    if name is None:
        raise UnblockError(
            "U021",
            f"neither manage.py nor pytest's configuration in {folder} names a settings module",
            hint=f"Give one with --settings, or set {SETTINGS_VARIABLE}.",
        )
    _put_first(str(folder))
    _extend_path(folder / "manage.py", sources)
    os.environ[SETTINGS_VARIABLE] = name
    _import_settings(sources, name)
    loading.settings_are_there()
    with no_connections(sources):
        _set_up(sources)
        loading.apps_are_there()
        resolver = _resolver(sources)
    return Loaded(_facts(sources, name), sources, resolver)


def _settings_of_files(folder: Path) -> str | None:
    """The settings that the project's files name: manage.py, else what configures its tests."""
    named = _settings_of_manage(folder / "manage.py") if (folder / "manage.py").is_file() else None
    return named or settings_of_pytest(folder)


def _settings_of_manage(path: Path) -> str | None:
    try:
        tree = ast.parse(path.read_bytes(), filename=str(path))
    except (SyntaxError, ValueError) as error:
        raise _syntax_error("manage.py", error) from None
    texts = [
        [
            item.value
            for item in ast.walk(node)
            if isinstance(item, ast.Constant) and isinstance(item.value, str)
        ]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call | ast.Assign)
    ]
    named = (text for text in texts if SETTINGS_VARIABLE in text)
    return next((item for text in named for item in text if item != SETTINGS_VARIABLE), None)


def _put_first(folder: str) -> None:
    if folder in sys.path:
        sys.path.remove(folder)
    sys.path.insert(0, folder)


def _extend_path(manage: Path, sources: Sources) -> None:
    """Add what manage.py adds to the path: some projects keep their applications below "apps/" or "src/"."""
    try:
        added = added_folders(manage) if manage.is_file() else ()
    except (SyntaxError, ValueError) as error:
        raise _syntax_error("manage.py", error) from None
    for one in added:
        sources.import_roots.append(sources.name(one.folder))
        if one.first:
            _put_first(str(one.folder))
        elif str(one.folder) not in sys.path:
            sys.path.append(str(one.folder))


def _import_settings(sources: Sources, name: str) -> None:
    with _telling("U022", f"the settings module {name}", sources):
        importlib.import_module(name)
        _ = django_settings.INSTALLED_APPS


def _set_up(sources: Sources) -> None:
    with _telling("U023", "the project", sources):
        django.setup()


def _resolver(sources: Sources) -> URLResolver:
    resolver = get_resolver()
    with _telling("U027", f"the URLconf {django_settings.ROOT_URLCONF}", sources):
        _visit(resolver)
    return resolver


def _visit(resolver: URLResolver) -> None:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            _visit(pattern)


@contextmanager
def _telling(code: str, what: str, sources: Sources) -> Iterator[None]:
    """Turn whatever the project's own code raises here, `sys.exit()` too, into an error that tells of it."""
    try:
        yield
    except SignalExit:
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001  # the project's own code
        raise _failure(code, what, sources, error) from None


def _failure(code: str, what: str, sources: Sources, error: BaseException) -> UnblockError:
    """The error that tells of a failed import: what was missing, and the project's line that asked for it."""
    place = own_place(sources, traceback.extract_tb(error.__traceback__))
    if isinstance(error, UnblockError):
        error.place = error.place or place
        return error
    if isinstance(error, SyntaxError) and error.filename and sources.owns(error.filename):
        return _syntax_error(sources.name(Path(error.filename)), error)
    return UnblockError(
        code,
        f"{what} cannot be imported: {type(error).__name__}: {error}",
        place=place,
        hint=f"{_hint(error)} {_STATIC}",
    )


def _hint(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError):
        return f"Is {error.name!r} installed here? The survey runs the project in the environment of {sys.executable}."
    if isinstance(error, ImproperlyConfigured):
        return "Check --settings and the environment variables that the settings read."
    return "Does `manage.py check` run? It imports the same modules."


def _syntax_error(name: str, error: Exception) -> UnblockError:
    problem = syntax_problem(name, error)
    return UnblockError(
        "U025",
        problem.text,
        place=problem.place,
        hint=f"Nothing that imports it can be loaded. {_STATIC}",
    )


def _facts(sources: Sources, name: str) -> Project:
    return Project(
        root=str(sources.root),
        settings=name,
        settings_files=tuple(_settings_files(sources, name)),
        asgi_file=_asgi_file(sources, name),
        django=django.get_version(),
        python=platform.python_version(),
        databases=tuple(
            Database(alias, str(options.get("ENGINE", "")))
            for alias, options in django_settings.DATABASES.items()
        ),
        middleware=tuple(django_settings.MIDDLEWARE),
        installed_apps=tuple(config.name for config in apps.get_app_configs()),
    )


def _settings_files(sources: Sources, name: str) -> list[str]:
    """The settings module's file, and before it those of the project that it takes settings from."""
    found: dict[str, None] = {}

    def visit(module: ModuleType | None) -> None:
        path = getattr(module, "__file__", None)
        if module is None or path is None or not sources.owns(path):
            return
        file = sources.name(Path(path))
        if file in found:
            return
        source = sources.read(path)
        for node in ast.walk(source.tree) if source else ():
            if isinstance(node, ast.ImportFrom):
                visit(_imported_settings(module, node))
        found[file] = None

    visit(sys.modules.get(name))
    return list(found)


def _imported_settings(module: ModuleType, node: ast.ImportFrom) -> ModuleType | None:
    """The module that settings are imported from: everything of it, or names in capitals."""
    if not any(alias.name == "*" or alias.name.isupper() for alias in node.names):
        return None
    package = module.__package__ or ""
    if node.level:
        base = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
        return sys.modules.get(f"{base}.{node.module}" if node.module else base)
    return sys.modules.get(node.module or "")


def _asgi_file(sources: Sources, name: str) -> str | None:
    application = getattr(django_settings, "ASGI_APPLICATION", None)
    if isinstance(application, str):
        path = sources.root.joinpath(*application.rpartition(".")[0].split(".")).with_suffix(".py")
        if path.is_file():
            return sources.name(path)
    parts = name.split(".")
    for length in range(len(parts) - 1, -1, -1):
        path = sources.root.joinpath(*parts[:length], "asgi.py")
        if path.is_file():
            return sources.name(path)
    return None
