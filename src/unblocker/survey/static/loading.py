"""Setting Django up with what the source alone tells, where parts of it are missing."""

from __future__ import annotations

import ast
import importlib
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig, apps
from django.conf import settings

from unblocker.survey.loading import Loading
from unblocker.survey.static import hollow
from unblocker.survey.static.finder import Finder
from unblocker.survey.static.losses import Losses
from unblocker.survey.static.statements import Body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.sources import Sources


class FromSource(Loading):
    """Loads a project without running it; `losses` tells what could not be found out."""

    def __init__(self, sources: Sources) -> None:
        super().__init__(sources)
        self.losses = Losses()

    def settings_are_there(self) -> None:
        """Leave out apps that can't be imported, and replace what Django can't do without."""
        settings.INSTALLED_APPS = [
            entry for entry in settings.INSTALLED_APPS if self._is_app(entry)
        ]
        self._check_users()
        if not getattr(settings._wrapped, "SECRET_KEY", ""):
            settings.SECRET_KEY = "unknown"  # noqa: S105  # there has to be one
        for options in settings.DATABASES.values():
            self._check_engine(options)

    def _check_users(self) -> None:
        label = settings.AUTH_USER_MODEL.partition(".")[0]
        if label not in {AppConfig.create(entry).label for entry in settings.INSTALLED_APPS}:
            self.losses.note("U444", f"the app {label} of the users is unknown; Django's is taken")
            settings.AUTH_USER_MODEL = "auth.User"
            needed = ("django.contrib.contenttypes", "django.contrib.auth")
            settings.INSTALLED_APPS = list(dict.fromkeys([*needed, *settings.INSTALLED_APPS]))

    def _is_app(self, entry: str) -> bool:
        try:
            AppConfig.create(entry)
        except Exception as error:  # noqa: BLE001  # whatever an app's module raises
            text = f"the app {entry} is left out: {type(error).__name__}: {error}"
            self.losses.note("U444", text)
            return False
        return True

    def _check_engine(self, options: dict[str, Any]) -> None:
        engine = options.get("ENGINE", "")
        try:
            importlib.import_module(f"{engine}.base")
        except Exception as error:  # noqa: BLE001  # a driver that is not installed, a value that is unknown
            text = f"the database engine {engine or '?'} can't be imported: {type(error).__name__}"
            self.losses.note("U441", text)
            options["ENGINE"] = "django.db.backends.sqlite3"

    def apps_are_there(self) -> None:
        """What `ready` imports and connects, which Django would have called."""
        for config in apps.get_app_configs():
            ready = type(config).ready
            if hollow.is_empty(ready):
                self._read_ready(config, ready)

    def _read_ready(self, config: AppConfig, ready: Any) -> None:
        source = self.sources.read(ready.__code__.co_filename)
        found = source.definitions.get(ready.__code__.co_firstlineno) if source else None
        if source is not None and found is not None:
            names: dict[str, object] = {"self": config}
            around = ready.__globals__
            body = [one for one in found[1].body if not isinstance(one, ast.Return)]
            Body(source, ready.__code__.co_filename, self.losses, names, around).run(body)


@contextmanager
def from_source(sources: Sources) -> Iterator[FromSource]:
    """While inside, importing a module of the project evaluates its source and runs none of it."""
    loading = FromSource(sources)
    finder = Finder(sources, loading.losses)
    sys.meta_path.insert(0, finder)
    try:
        yield loading
    finally:
        sys.meta_path.remove(finder)
