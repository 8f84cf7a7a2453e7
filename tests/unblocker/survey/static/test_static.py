"""A survey of the source alone: nothing of the project runs, and what is found is what the loaded project tells."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unblocker.cli.running import command, environment
from unblocker.records.codec import load
from unblocker.records.survey import Function, Operation, Step, Survey

SHOP = Path(__file__).parents[4] / "examples" / "shop"
SETTINGS = """
import os
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent
SECRET_KEY = os.environ["NOBODY_HAS_SET_THIS"]
ROOT_URLCONF = "urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", *["library"]]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(BASE_DIR / "db")}}
MIDDLEWARE = []
"""
MODELS = """
from django.db import models

class Shelf(models.Model):
    name = models.CharField(max_length=20)

class BookQuerySet(models.QuerySet):
    def lent(self):
        return self.filter(lent=True)

class Book(models.Model):
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, related_name="books")
    lent = models.BooleanField(default=False)
    objects = BookQuerySet.as_manager()
"""
VIEWS = """
from django.http import HttpResponse
from django.views.generic import ListView
from library.models import Book, Shelf

def shelves(request, number):
    shelf = Shelf.objects.get(pk=number)
    lent = Book.objects.lent().count()
    return HttpResponse(f"{shelf} {shelf.books.count()} {lent}")

class Books(ListView):
    model = Book
"""
URLS = """
from django.urls import include, path
from library import views

urlpatterns = [path("shelves/<int:number>/", views.shelves)]
urlpatterns += [path("books/", include([path("", views.Books.as_view())]))]
"""
RUNNING = "open({path!r}, 'w').close()\n"
RUN = """
import sys
from pathlib import Path
from unblocker.errors import UnblockError
from unblocker.records.codec import save
from unblocker.survey import survey_project, survey_source
root, way, target = sys.argv[1:]
survey = survey_source if way == "source" else survey_project
try:
    save(survey(Path(root), None, lambda text: None), Path(target))
except UnblockError as error:
    sys.exit(str(error))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    library = folder / "library"
    library.mkdir(parents=True)
    (folder / "manage.py").write_text(
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n'
    )
    (folder / "settings.py").write_text(SETTINGS)
    (folder / "urls.py").write_text(URLS)
    (library / "__init__.py").touch()
    (library / "models.py").write_text(MODELS)
    (library / "views.py").write_text(VIEWS)
    return folder


def survey(root: Path, way: str = "source") -> Survey:
    target = root.parent / f"{way}.json"
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(root), way, str(target)],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )
    assert done.returncode == 0, done.stderr
    return load(target, Survey)


def codes(found: Survey) -> list[str]:
    return [problem.code for problem in found.problems]


def told(found: Survey, name: str) -> list[str]:
    function = next(one for one in found.functions if one.id.endswith(f":{name}"))
    return [operation.label for operation in operations(function)]


def operations(function: Function) -> list[Operation]:
    found: list[Operation] = []

    def walk(steps: tuple[Step, ...]) -> None:
        for step in steps:
            found.extend(step.operations)
            for block in step.blocks:
                walk(block.steps)

    walk(function.steps)
    return found


def test_views_models_and_managers(project: Path) -> None:
    found = survey(project)
    assert [view.id for view in found.views] == ["library.views.shelves", "library.views.Books"]
    assert [route.pattern for view in found.views for route in view.routes] == [
        "shelves/<int:number>/",
        "books/",
    ]
    assert told(found, "shelves") == ["Shelf.get", "Book.count", "Book.count"]


def test_the_first_problem_says_what_kind_of_survey_it_is(project: Path) -> None:
    assert codes(survey(project))[0] == "U440"


def test_the_shop_is_told_as_the_loaded_shop_is(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shutil.copytree(SHOP, shop, ignore=shutil.ignore_patterns("__pycache__", ".unblock"))
    source, loaded = survey(shop), survey(shop, "loaded")
    assert source.views == loaded.views
    by_id = {function.id: function for function in source.functions}
    with_operations = [function for function in loaded.functions if operations(function)]
    assert len(with_operations) > 30
    for function in with_operations:
        assert operations(by_id[function.id]) == operations(function), function.id


def test_nothing_is_run(project: Path) -> None:
    ran = project.parent / "ran"
    line = RUNNING.format(path=str(ran))
    for path in project.rglob("*.py"):
        path.write_text(line + path.read_text())
    with (project / "library" / "models.py").open("a") as models:
        models.write(
            f"""
def at_import():
    {line}
at_import()
class Meta(type(models.Model)):
    def __new__(cls, *args, **kwargs):
        {line}
        return super().__new__(cls, *args, **kwargs)
class Loud(models.Model, metaclass=Meta):
    def __init_subclass__(cls):
        {line}
class Field(models.CharField):
    def __init__(self, *args, **kwargs):
        {line}
        super().__init__(*args, **kwargs)
    def contribute_to_class(self, *args, **kwargs):
        {line}
def default():
    {line}
def decorator(function):
    {line}
    return function
class Label(models.Model):
    text = Field(max_length=3, default=default)
    @decorator
    def save(self):
        {line}
"""
        )
    (project / "library" / "apps.py").write_text(
        f"""from django.apps import AppConfig
class LibraryConfig(AppConfig):
    name = "library"
    def ready(self):
        {line}
"""
    )
    found = survey(project)
    assert len(found.views) == 2
    assert not ran.exists()


def test_what_ready_imports_is_read(project: Path) -> None:
    (project / "library" / "apps.py").write_text(
        "from django.apps import AppConfig\n\nclass LibraryConfig(AppConfig):\n    name = 'library'\n\n"
        "    def ready(self):\n        from library import signals\n"
    )
    (project / "library" / "signals.py").write_text(
        "from django.core.mail import send_mail\nfrom django.db.models.signals import post_save\n"
        "from django.dispatch import receiver\nfrom library.models import Shelf\n\n"
        "@receiver(post_save, sender=Shelf)\ndef tell(sender, instance, **kwargs):\n"
        "    send_mail('a', 'b', 'c', ['d'])\n"
    )
    views = project / "library" / "views.py"
    views.write_text(
        views.read_text().replace("Shelf.objects.get(pk=number)", "Shelf.objects.create()")
    )
    function = next(one for one in survey(project).functions if one.id.endswith(":shelves"))
    assert "mail" in {location.kind for location in function.writes}


def test_a_package_that_is_not_installed(project: Path) -> None:
    views = project / "library" / "views.py"
    views.write_text(
        "from not_installed import client, Base\n"
        + views.read_text()
        + "\n\nclass Odd(Base, ListView):\n    model = Book\n"
        + "\n\ndef pay(request):\n    client.pay()\n    return HttpResponse(str(Shelf.objects.count()))\n"
    )
    urls = project / "urls.py"
    urls.write_text(
        urls.read_text()
        + "urlpatterns += [path('pay/', views.pay), path('odd/', views.Odd.as_view())]\n"
    )
    found = survey(project)
    assert "U441" in codes(found)
    assert {"library.views.pay", "library.views.Odd"} <= {view.id for view in found.views}
    assert told(found, "pay") == ["client.pay", "Shelf.count"]


def test_a_module_that_is_not_valid_python(project: Path) -> None:
    (project / "library" / "old.py").write_text("print 'x'\n")
    views = project / "library" / "views.py"
    views.write_text("from library.old import something\n" + views.read_text())
    found = survey(project)
    assert {"U400", "U441"} <= set(codes(found))
    assert len(found.views) == 2


def test_an_app_that_is_not_installed(project: Path) -> None:
    settings = project / "settings.py"
    settings.write_text(
        settings.read_text().replace('*["library"]', '*["library"], "not_installed"')
    )
    found = survey(project)
    assert "U444" in codes(found)
    assert "not_installed" not in found.project.installed_apps
    assert len(found.views) == 2


def test_patterns_that_only_running_tells(project: Path) -> None:
    urls = project / "urls.py"
    urls.write_text(
        urls.read_text()
        + "\n\ndef more():\n    return [path('more/', views.shelves)]\n\nurlpatterns += more()\n"
    )
    found = survey(project)
    assert [
        problem.place.line
        for problem in found.problems
        if problem.code == "U442" and problem.place and problem.place.file == "urls.py"
    ] == [12]
    assert len(found.views) == 2


def test_a_decorator_of_the_projects_may_do_anything(project: Path) -> None:
    views = project / "library" / "views.py"
    views.write_text(
        "import functools\n\n\ndef counted(view):\n    @functools.wraps(view)\n    def inner(*args, **kwargs):\n"
        "        return view(*args, **kwargs)\n    return inner\n\n"
        + views.read_text().replace("def shelves", "@counted\ndef shelves")
    )
    view = survey(project).views[0]
    assert view.id == "library.views.shelves"
    assert [(one.name, one.safety) for one in view.decorators] == [
        ("library.views.counted", "project")
    ]


def test_the_command(project: Path) -> None:
    done = subprocess.run(
        command("survey", project, "--static"),
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "U440" in done.stdout
    assert "shelves" in done.stdout


def test_a_project_that_cannot_be_loaded_hears_of_it(project: Path) -> None:
    done = subprocess.run(
        command("survey", project), env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "NOBODY_HAS_SET_THIS" in done.stderr
    assert "--static" in done.stderr
