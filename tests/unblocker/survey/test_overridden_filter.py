"""`get()` goes through `filter()`: what the project's own queryset adds there, `get()` reads too."""

import pytest

from unblocker.records.codec import load
from unblocker.records.survey import Survey

from .conftest import run_survey

FILES = {
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n',
    "settings.py": """
SECRET_KEY = "x"
ROOT_URLCONF = "urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "books"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
""",
    "books/__init__.py": "",
    "books/models.py": """
from django.db import models

class Shelf(models.Model):
    name = models.CharField(max_length=20)

class Shelved(models.QuerySet):
    def filter(self, *args, **kwargs):
        return super().filter(*args, **kwargs).select_related("shelf")

class Book(models.Model):
    shelf = models.ForeignKey(Shelf, models.CASCADE)
    objects = Shelved.as_manager()
""",
    "urls.py": """
from books.models import Book
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path

def got(request, pk):
    return HttpResponse(Book.objects.get(pk=pk).shelf.name)

def looked_up(request, pk):
    return HttpResponse(get_object_or_404(Book, pk=pk).shelf.name)

def first(request):
    return HttpResponse(Book.objects.first().shelf.name)

urlpatterns = [
    path("got/<int:pk>/", got), path("looked-up/<int:pk>/", looked_up), path("first/", first),
]
""",
}
BOTH = [["books_book", "books_shelf"]]


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    folder = tmp_path_factory.mktemp("books")
    for name, text in FILES.items():
        path = folder / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    ended = run_survey(folder / "site", folder / "survey.json")
    assert ended.returncode == 0, ended.stderr
    return load(folder / "survey.json", Survey)


@pytest.mark.parametrize(
    ("name", "queries"),
    [("got", BOTH), ("looked_up", BOTH), ("first", [["books_book"], ["books_shelf"]])],
)
def test_get_reads_what_filter_adds(survey: Survey, name: str, queries: list[list[str]]) -> None:
    [view] = [one for one in survey.views if one.id.endswith(f".{name}")]
    reads = [[place.name for place in survey.effects[number].reads] for number in view.effects]
    assert reads == queries
