"""The recipes: what each app is, and how its suite is run. One folder an app, in `apps/`."""

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

HERE = Path(__file__).parent
APPS = HERE / "apps"


class UnknownAppError(Exception):
    """There is no recipe of that name; the message lists those that are."""


class Suite(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How an app's tests are run.

    Attributes:
        runner: what finds and runs them.
        labels: what the runner is asked for.
        seconds: a run that takes longer is ended; the test that was under way hangs.
    """

    runner: Literal["django", "pytest"] = "django"
    labels: tuple[str, ...]
    seconds: int = 600


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One app.

    Attributes:
        why: what it brings that others do not.
        ci: it is among those that run in a few minutes.
        settings: the settings module of its tests: the recipe's own `site/corpus_site/…`, or the sdist's.
        requirements: all that it needs, pinned; Django's series among them. The app itself is not installed.
    """

    name: str
    version: str
    sha256: str
    why: str
    ci: bool = False
    settings: str = "corpus_site.settings"
    requirements: tuple[str, ...]
    suite: Suite

    @property
    def site(self) -> Path:
        """Files that are laid over the sdist's."""
        return APPS / self.name / "site"


def recipes(names: tuple[str, ...] = ()) -> tuple[Recipe, ...]:
    """The recipes of these names, of all apps without; by name.

    Raises:
        UnknownAppError: there is none of that name.
    """
    known = {path.parent.name: path for path in sorted(APPS.glob("*/recipe.toml"))}
    for name in names:
        if name not in known:
            raise UnknownAppError(f"{name} is no app of the corpus; there are: {', '.join(known)}")
    return tuple(_read(path) for name, path in known.items() if not names or name in names)


def _read(path: Path) -> Recipe:
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Recipe)
