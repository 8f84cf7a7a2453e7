"""Fields that a form adds to itself: the rows that they choose from, and when these are read."""

import pytest

from .conftest import SmallSite, survey_site

FORMS = """
from django import forms
from books.models import Book, Shelf

class Added(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shelf"] = forms.ModelChoiceField(queryset=Shelf.objects.filter(name="a"))

class Eager(forms.ModelChoiceField):
    def __init__(self, label, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.choices = [(one.pk, one.title) for one in self.queryset]

class AddsEager(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["book"] = Eager("b", queryset=Book.objects.all())

class Plain(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField()
"""
VIEWS = """
from django.http import HttpResponse
from django.shortcuts import render
from forms import Added, AddsEager, Plain

def made(request):
    Added()
    return HttpResponse("")

def shown(request):
    return render(request, "form.html", {"form": Added()})

def checked(request):
    return HttpResponse(Added(request.POST).is_valid())

def eager(request):
    AddsEager()
    return HttpResponse("")

def plain(request):
    return render(request, "form.html", {"form": Plain()})

"""
FILES = {
    "forms.py": FORMS,
    "books/templates/form.html": "<form>\n{{ form }}\n</form>",
}
NAMES = "made shown checked eager plain"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    return survey_site(tmp_path_factory.mktemp("fields"), VIEWS, NAMES, FILES)


@pytest.mark.parametrize(
    ("view", "effects"),
    [
        ("made", []),
        (
            "shown",
            ["form.html:2 django_forms.choices shelf", "urls.py:11 django_shortcuts.render shelf"],
        ),
        ("checked", ["urls.py:14 django_forms.validate shelf"]),
        ("eager", ["forms.py:13 django_orm.iterate book"]),
        ("plain", ["urls.py:21 django_shortcuts.render"]),
    ],
)
def test_rows_of_a_field_that_is_added(site: SmallSite, view: str, effects: list[str]) -> None:
    assert site.effects(view) == effects
