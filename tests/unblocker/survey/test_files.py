"""Local files, paths to them, and what is given to fields that keep files."""

import pytest

from .conftest import SITE, Surveyed, survey_of

FILES = {
    "books/models.py": """
from django.db import models

class Book(models.Model):
    cover = models.FileField()
""",
    "urls.py": """
from io import StringIO
from pathlib import Path
from books.models import Book
from django.conf import settings
from django.http import HttpResponse

def lines(request):
    with open("x") as file:
        return HttpResponse([line for line in file])

def written(request):
    path = Path("a") / "b"
    with path.parent.joinpath("c").open("w") as file:
        file.write("x")
    return HttpResponse()

def listed(request):
    return HttpResponse(list((settings.PLACE / "x").iterdir()))

def in_memory(request):
    file = StringIO()
    file.write("x")
    return HttpResponse(file.getvalue())

def names_only(request):
    path = Path("a") / request.GET["name"]
    return HttpResponse(f"{path.name}{path.with_suffix('.txt')}")

def cover_of_another(request):
    Book.objects.create(cover=Book.objects.get(pk=1).cover)
    return HttpResponse()

def new_cover(request):
    Book.objects.create(cover=request.FILES["cover"])
    return HttpResponse()
""",
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Surveyed:
    settings = "\nfrom pathlib import Path\nPLACE = Path('x')\n"
    files = {**FILES, "settings.py": SITE["settings.py"] + settings}
    return survey_of(tmp_path_factory.mktemp("files"), files)


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("lines", ["files.open"]),
        ("written", ["files.open", "files.write_open"]),
        ("listed", ["files.read"]),
        ("in_memory", []),
        ("names_only", []),
        ("cover_of_another", ["django_orm.create", "django_orm.get"]),
        ("new_cover", ["django_storage.save", "django_orm.create"]),
    ],
)
def test_what_is_done_with_files(books: Surveyed, name: str, entries: list[str]) -> None:
    told = [one.entry for one in books.operations(f"urls:{name}")]
    assert sorted(told) == sorted(entries)
