"""What a template is bound to evaluate, and, mostly, what it may skip and is left alone."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.template import Context, Engine, Library, Node
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from testapp.models import Author, Book, Tag

from django_unblock import templates

register = Library()


@register.tag
def mystery(parser: object, token: object) -> Node:
    return Mystery()


class Mystery(Node):
    """A tag that changes the context as it likes."""

    def render(self, context: Context) -> str:
        context["books"] = []
        return ""


@register.simple_tag
def plain(value: object = None) -> str:
    return ""


@register.simple_tag(takes_context=True)
def nosy(context: Context) -> str:
    context["books"] = []
    return ""


OTHERS = {
    "base.html": "{% for t in tags %}{% endfor %}{% block body %}{% for b in old %}{% endfor %}"
    "{% endblock %}{% for a in authors %}{% endfor %}",
    "middle.html": "{% extends 'base.html' %}{% block body %}{% block inner %}{% endblock %}"
    "{% endblock %}",
    "list.html": "{% for b in items %}{% endfor %}",
    "loop.html": "{% include 'loop.html' %}{% for b in books %}{% endfor %}",
    "tricky.html": "{% load project %}{% mystery %}{% for b in books %}{% endfor %}",
    "self.html": "{% extends 'self.html' %}",
}

CASES = {
    "for": ("{% for b in books %}{{ b.title }}{% endfor %}", ["books"]),
    "for reversed": ("{% for b in books reversed %}{% endfor %}", ["books"]),
    "for twice": ("{% for b in books %}{% endfor %}{% for b in books %}{% endfor %}", ["books"]),
    "in order": (
        "{% for b in books %}{% endfor %}{% for a in authors %}{% endfor %}",
        ["books", "authors"],
    ),
    "if": ("{% if books %}x{% endif %}", ["books"]),
    "if not": ("{% if not books %}x{% endif %}", ["books"]),
    "if and": ("{% if books and authors %}x{% endif %}", ["books"]),
    "if or": ("{% if books or authors %}x{% endif %}", ["books"]),
    "if length": ("{% if books|length > 3 %}x{% endif %}", ["books"]),
    "if in": ("{% if book in books %}x{% endif %}", ["books"]),
    "length": ("{{ books|length }}", ["books"]),
    "regroup": ("{% regroup books by author as grouped %}", ["books"]),
    "with": ("{% with x=books %}{% for b in x %}{% endfor %}{% endwith %}", ["books"]),
    "parts always rendered": (
        """{% load i18n l10n tz %}{% autoescape off %}{% spaceless %}{% filter upper %}
        {% language 'nl' %}{% localize on %}{% timezone 'UTC' %}{% for b in books %}{% endfor %}
        {% endtimezone %}{% endlocalize %}{% endlanguage %}{% endfilter %}{% endspaceless %}
        {% endautoescape %}""",
        ["books"],
    ),
    "after a plain tag": (
        "{% load project %}{% plain %}{% plain as x %}{% for b in books %}{% endfor %}",
        ["books"],
    ),
    "include": ("{% include 'list.html' with items=books %}", ["books"]),
    "include in include": ("{% include 'loop.html' %}", ["books"]),
    "extends": (
        "{% extends 'base.html' %}{% block body %}{% for b in books %}{% endfor %}{% endblock %}",
        ["tags", "books", "authors"],
    ),
    "extends twice": (
        "{% extends 'middle.html' %}{% block inner %}{% for b in books %}{% endfor %}{% endblock %}",
        ["tags", "books", "authors"],
    ),
    "block not replaced": ("{% extends 'base.html' %}", ["tags", "old", "authors"]),
    "branch": ("{% if x %}{% for b in books %}{% endfor %}{% endif %}", ["x"]),
    "elif": ("{% if x.y %}{% elif books %}{% endif %}", []),
    "if compares": ("{% if books == authors %}x{% endif %}", []),
    "loop's body": (
        "{% for a in authors %}{% for b in books %}{% endfor %}{% endfor %}",
        ["authors"],
    ),
    "empty": (
        "{% for a in authors %}{% empty %}{% if books %}{% endif %}{% endfor %}",
        ["authors"],
    ),
    "cache": ("{% load cache %}{% cache 9 x %}{% for b in books %}{% endfor %}{% endcache %}", []),
    "slice": ("{% for b in books|slice:':3' %}{% endfor %}", []),
    "other filter": ("{% for b in books|dictsort:'title' %}{% endfor %}", []),
    "method": ("{% for b in books.all %}{% endfor %}{{ books.count }}{{ books.first }}", []),
    "printed": ("{{ books }}", []),
    "loop variable": (
        "{% for b in books.all %}{% for r in b.tags.all %}{% endfor %}{% endfor %}",
        [],
    ),
    "shadowed by with": (
        "{% with books=authors %}{% for b in books %}{% endfor %}{% endwith %}",
        ["authors"],
    ),
    "new in with": ("{% with books=x.y %}{% for b in books %}{% endfor %}{% endwith %}", []),
    "shadowed by a tag": (
        "{% load project %}{% plain as books %}{% for b in books %}{% endfor %}",
        [],
    ),
    "shadowed by url": ("{% url 'x' as books %}{% for b in books %}{% endfor %}", []),
    "shadowed by regroup": (
        "{% regroup authors by name as books %}{% for b in books %}{% endfor %}",
        ["authors"],
    ),
    "back after with": (
        "{% with books=x.y %}{% endwith %}{% for b in books %}{% endfor %}",
        ["books"],
    ),
    "after an unknown tag": (
        """{% load project %}{% for a in authors %}{% endfor %}{% mystery %}
        {% for b in books %}{% endfor %}""",
        ["authors"],
    ),
    "after a tag that takes the context": (
        "{% load project %}{% nosy %}{% for b in books %}{% endfor %}",
        [],
    ),
    "unknown tag in an include": (
        "{% include 'tricky.html' %}{% for a in authors %}{% endfor %}",
        ["authors"],
    ),
    "include only": ("{% include 'list.html' with items=books only %}", []),
    "include by variable": ("{% include name %}{% for a in authors %}{% endfor %}", ["authors"]),
    "include that is missing": ("{% include 'none.html' %}", []),
    "extends by variable": (
        "{% extends name %}{% block body %}{% if books %}{% endif %}{% endblock %}",
        [],
    ),
    "extends one of its own name": ("{% extends 'self.html' %}", []),
    "comment": ("{% comment %}{% for b in books %}{% endfor %}{% endcomment %}", []),
    "verbatim": ("{% verbatim %}{% for b in books %}{% endfor %}{% endverbatim %}", []),
    "nothing": ("<p>", []),
}


FAILS_TO_RENDER = {
    "include in include",
    "include that is missing",
    "extends one of its own name",
}


def engine() -> Engine:
    return Engine(
        loaders=[("django.template.loaders.locmem.Loader", OTHERS)],
        libraries={
            "project": __name__,
            "cache": "django.templatetags.cache",
            "i18n": "django.templatetags.i18n",
            "l10n": "django.templatetags.l10n",
            "tz": "django.templatetags.tz",
        },
    )


@pytest.mark.parametrize("case", CASES)
def test_bound_names(case: str) -> None:
    source, expected = CASES[case]
    assert list(templates.bound_names(engine().from_string(source))) == expected


def test_a_template_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    template = engine().from_string("{% for b in books %}{% endfor %}")
    first = templates.bound_names(template)
    monkeypatch.setattr(template, "nodelist", None)
    assert templates.bound_names(template) is first


class NoQueryThatRenderingWouldNotMake(TestCase):
    """Loads what the template is bound to evaluate, then renders: the queries are the same."""

    @classmethod
    def setUpTestData(cls) -> None:
        author = Author.objects.create(name="A")
        Book.objects.create(title="B", author=author)
        Tag.objects.create(name="T")

    def querysets(self) -> dict[str, object]:
        return {
            "books": Book.objects.all(),
            "authors": Author.objects.order_by("name"),
            "tags": Tag.objects.all(),
            "old": Book.objects.none(),
            "name": "middle.html",
        }

    def test_all_cases(self) -> None:
        for case in CASES.keys() - FAILS_TO_RENDER:
            source = CASES[case][0]
            with self.subTest(case), override_settings(ROOT_URLCONF=()):
                template = engine().from_string(source)
                stock = self.queries(template, self.querysets())
                context = self.querysets()
                with CaptureQueriesContext(connection) as loaded:
                    for name in templates.bound_names(template):
                        list(context.get(name, ()))  # type: ignore[call-overload]
                rest = self.queries(template, context)
                assert sorted(stock) == sorted([q["sql"] for q in loaded] + rest)

    def queries(self, template: object, context: dict[str, object]) -> list[str]:
        cache.clear()
        with CaptureQueriesContext(connection) as made:
            template.render(Context(context))  # type: ignore[attr-defined]
        return [query["sql"] for query in made]
