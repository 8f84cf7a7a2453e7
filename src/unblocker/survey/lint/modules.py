"""The modules that hold async code, imported where only a server or a command would import them."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps

from unblocker.records.survey import Problem
from unblocker.survey.mentions import is_test

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from unblocker.survey.sources import Source, Sources

type Read = tuple[Source, ModuleType]


def async_modules(sources: Sources, settings: str) -> Iterator[Read]:
    """Every module with async functions that the project has loaded, or that stands in one of its packages.

    Tests are left out. What can't be imported is a problem (U339).
    """
    loaded = {
        str(Path(path).resolve()): module
        for module in list(sys.modules.values())
        if isinstance(path := getattr(module, "__file__", None), str)
    }
    packages = dict(_packages(settings))
    for path in sources.project_files():
        if is_test(sources.name(path)) or not _may_be_async(path):
            continue
        source = sources.read(path)
        if source is None:
            continue
        module = loaded.get(sources.real(path)) or _import(sources, source, path, packages)
        if module is not None:
            yield source, module


def _may_be_async(path: Path) -> bool:
    try:
        return b"async def" in path.read_bytes()
    except OSError:
        return False


def _packages(settings: str) -> Iterator[tuple[Path, str]]:
    """The folders of the installed apps and of the settings' package, with their dotted names."""
    for config in apps.get_app_configs():
        yield Path(config.path).resolve(), config.name
    package = sys.modules.get(settings.partition(".")[0])
    path = getattr(package, "__file__", None)
    if "." in settings and isinstance(path, str):
        yield Path(path).resolve().parent, settings.partition(".")[0]


def _import(
    sources: Sources, source: Source, path: Path, packages: dict[Path, str]
) -> ModuleType | None:
    name = _dotted(path, packages)
    if name is None:
        return None
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:  # noqa: BLE001  # the project's own code runs here
        text = f"{source.name} is not linted, importing it failed: {type(error).__name__}: {error}"
        sources.problems.append(Problem("U339", text, source.place(source.tree.body[0])))
        return None


def _dotted(path: Path, packages: dict[Path, str]) -> str | None:
    """The name under which the file is imported; None where it stands in none of these packages."""
    for folder in path.parents:
        if folder in packages:
            parts = path.relative_to(folder).with_suffix("").parts
            inner = parts[:-1] if parts[-1] == "__init__" else parts
            return ".".join((packages[folder], *inner))
    return None
