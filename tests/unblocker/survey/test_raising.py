"""Handlers of errors that what stands in the `try` can't raise are not followed."""

import pytest

from .conftest import SmallSite, survey_site

VIEWS = """
from django.http import HttpResponse
from books.models import Book, Shelf

def sure(request):
    rows = Book.objects.all()
    try:
        count = rows.count()
    except (AttributeError, TypeError):
        count = Shelf.objects.count()
    return HttpResponse(count)

def sliced(request):
    rows = Book.objects.all()
    try:
        count = rows[:5].count()
    except TypeError:
        count = Shelf.objects.count()
    return HttpResponse(count)

def what_it_may_be(request, rows=None):
    try:
        count = rows.count()
    except AttributeError:
        count = Shelf.objects.count()
    return HttpResponse(count)

def no_such_method(request):
    rows = Book.objects.all()
    try:
        count = rows.size()
    except AttributeError:
        count = Shelf.objects.count()
    return HttpResponse(count)

def other_error(request):
    rows = Book.objects.all()
    try:
        count = rows.count()
    except ValueError:
        count = Shelf.objects.count()
    return HttpResponse(count)

def any_error(request):
    rows = Book.objects.all()
    try:
        count = rows.count()
    except Exception:
        count = Shelf.objects.count()
    return HttpResponse(count)

def with_arguments(request):
    rows = Book.objects.all()
    try:
        rows = rows.filter(pk=request.GET["pk"])
    except TypeError:
        return HttpResponse(Shelf.objects.count())
    return HttpResponse(rows.count())

def unpacked(request):
    rows = Book.objects.all()
    try:
        one, other = rows
    except TypeError:
        return HttpResponse(Shelf.objects.count())
    return HttpResponse(one)
"""
NAMES = "sure sliced what_it_may_be no_such_method other_error any_error with_arguments unpacked"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    return survey_site(tmp_path_factory.mktemp("raising"), VIEWS, NAMES, {})


@pytest.mark.parametrize("view", ["sure", "sliced"])
def test_a_handler_that_is_never_reached(site: SmallSite, view: str) -> None:
    assert [line.partition(" ")[2] for line in site.effects(view)] == ["django_orm.count book"]


@pytest.mark.parametrize(
    "view",
    [
        "what_it_may_be", "no_such_method", "other_error", "any_error", "with_arguments", "unpacked",
    ],
)  # fmt: skip
def test_a_handler_that_may_be_reached(site: SmallSite, view: str) -> None:
    assert [line for line in site.effects(view) if line.endswith("django_orm.count shelf")]
