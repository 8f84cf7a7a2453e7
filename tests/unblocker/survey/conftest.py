"""The test project, surveyed once in a process of its own: Django can be set up only once in a process."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from unblocker.records.codec import load
from unblocker.records.survey import (
    Block,
    Effect,
    Function,
    Location,
    Operation,
    Step,
    Survey,
    View,
)

PROJECT = Path(__file__).resolve().parent.parent / "testproject"
_RUN = """
import sys
from pathlib import Path
from unblocker.errors import UnblockError
from unblocker.records.codec import save
from unblocker.survey import survey_project
root, settings, target = sys.argv[1:]
try:
    save(survey_project(Path(root), settings or None, lambda text: None), Path(target))
except UnblockError as error:
    sys.exit(str(error))
"""


def run_survey(root: Path, target: Path, settings: str = "") -> subprocess.CompletedProcess[str]:
    """Survey the project in `root` in a new process; its survey goes to `target`, its error to stderr."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO_")}
    return subprocess.run(
        [sys.executable, "-c", _RUN, str(root), settings, str(target)],
        capture_output=True,
        text=True,
        check=False,
        cwd=target.parent,
        env=environment,
    )


SITE = {
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n',
    "settings.py": """
SECRET_KEY = "x"
ROOT_URLCONF = "urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "books"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
""",
    "books/__init__.py": "",
}
"""A project with one application that has nothing yet; its routes are those that `ROUTES` makes in `urls.py`."""

ROUTES = """
from django.urls import path as route
urlpatterns = [
    route(name, view) for name, view in list(globals().items())
    if hasattr(view, "__code__") and view.__module__ == "urls" and "request" in view.__code__.co_varnames[:1]
]
"""


def survey_of(folder: Path, files: dict[str, str]) -> "Surveyed":
    """The survey of `SITE` with these files; each function of `urls.py` that takes a request is a view."""
    for name, text in {**SITE, **files}.items():
        path = folder / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + ROUTES if name == "urls.py" else text, encoding="utf-8")
    ended = run_survey(folder / "site", folder / "survey.json")
    assert ended.returncode == 0, ended.stderr
    return Surveyed(load(folder / "survey.json", Survey))


@dataclass(frozen=True)
class Surveyed:
    """The test project's survey, with short ways to ask it."""

    survey: Survey

    def function(self, name: str) -> Function:
        """A function by the end of its id, such as `cases.orm:get` or `helpers:double`."""
        found = [
            one for one in self.survey.functions if one.id.endswith(f".{name}") or one.id == name
        ]
        assert len(found) == 1, [one.id for one in found]
        return found[0]

    def view(self, name: str) -> View:
        found = [one for one in self.survey.views if one.id.endswith(f".{name}")]
        assert len(found) == 1, [one.id for one in found]
        return found[0]

    def operations(self, name: str) -> list[Operation]:
        return [operation for step in self.steps(name) for operation in step.operations]

    def told(self, name: str) -> list[str]:
        """The function's operations as lines, in order: see `tell`."""
        return [tell(operation) for operation in self.operations(name)]

    def steps(self, name: str) -> list[Step]:
        """All steps, inner ones after the one that holds them."""
        return list(_walk(self.function(name).steps))

    def step(self, name: str, start: str) -> Step:
        """The step whose text starts like this."""
        found = [step for step in self.steps(name) if step.text.startswith(start)]
        assert len(found) == 1, [step.text for step in self.steps(name)]
        return found[0]

    def effects(self, name: str) -> list[str]:
        """What a view may do in all, as lines: `file: entry reads > writes`."""
        numbers = self.view(name).effects
        return [_tell_effect(self.survey.effects[number]) for number in numbers]

    def template(self, name: str) -> list[str]:
        found = [one for one in self.survey.templates if one.name == name]
        assert len(found) == 1, [one.name for one in self.survey.templates]
        return [tell(operation) for operation in found[0].operations]


def _walk(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        for block in step.blocks:
            yield from _walk(block.steps)


def tell(operation: Operation) -> str:
    """`entry reads > writes`, with `~` for implicit, `?` for perhaps, `!` for a guard, `xN` for N times."""
    marks = "".join(
        mark
        for mark, holds in (
            ("~", operation.implicit),
            ("?", not operation.certain),
            ("!", operation.guard),
        )
        if holds
    )
    parts = [marks + operation.entry, ",".join(map(short, operation.reads))]
    if operation.writes:
        parts += [">", ",".join(map(short, operation.writes))]
    if operation.times != 1:
        parts.append(f"x{operation.times}")
    return " ".join(part for part in parts if part)


def _tell_effect(effect: Effect) -> str:
    parts = [f"{Path(effect.place.file).name}: {effect.entry}", ",".join(map(short, effect.reads))]
    if effect.writes:
        parts += [">", ",".join(map(short, effect.writes))]
    return " ".join(part for part in parts if part)


def short(location: Location) -> str:
    return str(location).removeprefix("table ").removeprefix("shop_")


def kinds(blocks: tuple[Block, ...]) -> list[str]:
    return [block.kind for block in blocks]


@pytest.fixture(scope="session")
def surveyed(tmp_path_factory: pytest.TempPathFactory) -> Surveyed:
    target = tmp_path_factory.mktemp("survey") / "survey.json"
    ended = run_survey(PROJECT, target)
    assert ended.returncode == 0, ended.stderr
    return Surveyed(load(target, Survey))


_SITE = {
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n',
    "settings.py": """
SECRET_KEY = "x"
ROOT_URLCONF = "urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "books"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
""",
    "books/__init__.py": "",
    "books/models.py": """
from django.db import models

class Shelf(models.Model):
    name = models.CharField(max_length=20)

class Book(models.Model):
    shelf = models.ForeignKey(Shelf, models.CASCADE)
    title = models.CharField(max_length=20)
""",
}


@dataclass(frozen=True)
class SmallSite:
    """The survey of a project with two models, `Shelf` and `Book`, and each function of its urls.py as a view."""

    survey: Survey

    def effects(self, name: str) -> list[str]:
        """What a view may do, as lines: `file:line entry reads > writes`."""
        [view] = [one for one in self.survey.views if one.id.endswith(f".{name}")]
        return [self._line(self.survey.effects[number]) for number in view.effects]

    def _line(self, effect: Effect) -> str:
        told = _tell_effect(effect).partition(": ")[2].replace("books_", "")
        return f"{Path(effect.place.file).name}:{effect.place.line} {told}"


def survey_site(folder: Path, views: str, names: str, files: dict[str, str]) -> SmallSite:
    """Survey a project in `folder`: `views` is its urls.py, `names` the views in it, `files` its other files."""
    routes = "".join(f'path("{name}/", {name}), ' for name in names.split())
    urls = f"{views}\nfrom django.urls import path\nurlpatterns = [{routes}]\n"
    for name, text in {**_SITE, **files, "urls.py": urls}.items():
        path = folder / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    ended = run_survey(folder / "site", folder / "survey.json")
    assert ended.returncode == 0, ended.stderr
    return SmallSite(load(folder / "survey.json", Survey))


@pytest.fixture
def told(surveyed: Surveyed) -> Callable[[str], list[str]]:
    return surveyed.told
