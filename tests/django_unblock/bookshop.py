"""A bookshop's pages: tags, templates and a context, and what a rendering of them does."""

import re
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.core.paginator import Paginator
from django.db import connection, reset_queries
from django.template import Context, Engine, Library
from django.test.utils import CaptureQueriesContext
from django.utils.functional import SimpleLazyObject
from testapp.models import Author, Book, Loan, Review, Tag

register = Library()
log_at_beginning: list[int] = []


@register.simple_tag
def begin() -> str:
    """Stands at the head of a template: the queries in the log by then were made ahead."""
    log_at_beginning.append(len(connection.queries_log))
    return ""


@register.simple_tag
def plain(value: object = None) -> str:
    return str(value)


@register.simple_tag(takes_context=True)
def nosy(context: Context) -> str:
    context["books"] = []
    return ""


@register.inclusion_tag("list.html")
def shelf(rows: object) -> dict[str, object]:
    return {"items": rows}


@register.filter
def few(rows: Any) -> object:
    return rows[:1] if hasattr(rows, "__getitem__") else rows


PAGES = {
    "page.html": "{% begin %}{{ books|length }}{{ tags|length }}",
    "list.html": "{% for x in items %}{{ x }}{% endfor %}",
    "count.html": "{{ items.count }}",
    "super.html": "{{ block.super }}",
    "books.html": "{% for b in books %}{{ b.author }}{% endfor %}{{ book.author }}",
    "base.html": "{% begin %}{{ authors|length }}{% block one %}{{ books|length }}{% endblock %}"
    "{% block two %}{% block three %}{{ books.count }}{% endblock %}{% endblock %}{{ tags|length }}",
    "middle.html": "{% extends 'base.html' %}{% block two %}{{ block.super }}{{ loan.reader }}{% endblock %}",
}
IN_MEMORY = [("django.template.loaders.locmem.Loader", PAGES)]
OPTIONS: dict[str, Any] = {
    "loaders": [("django.template.loaders.cached.Loader", IN_MEMORY)],
    "builtins": [
        "bookshop",
        "django.templatetags.cache",
        "django.templatetags.i18n",
        "django.templatetags.tz",
    ],
}
ENGINE = Engine(**OPTIONS)
HEAD = "{% begin %}"


def context() -> dict[str, Any]:
    """Querysets and objects, some of whose relations are read."""
    book, second, _ = Book.objects.order_by("pk")
    loan, lost = Loan.objects.order_by("pk")
    author, lonely = Author.objects.order_by("pk")
    known = SimpleLazyObject(lambda: copy(author))
    assert known.name == "A"
    books, authors = Book.objects.order_by("pk"), Author.objects.order_by("pk")
    return {
        "books": books,
        "same": books,
        "authors": authors,
        "nested": Book.objects.filter(author__in=authors).order_by("pk"),
        "tags": Tag.objects.all(),
        "first_book": books[:1],
        "titles": books.values_list("title", flat=True),
        "page": (page := Paginator(books.filter(pk__gt=0), 2).page(1)),
        "page_rows": page.object_list,
        "raw": Author.objects.raw("SELECT * FROM testapp_author ORDER BY id"),
        "deep": authors.prefetch_related("books__reviews"),
        "joined": books.select_related("author"),
        "reviews": book.reviews.order_by("pk"),
        "entangled": book.reviews.prefetch_related("book__author").order_by("pk"),
        "book": book,
        "twin": book,
        "second": second,
        "review": Review.objects.order_by("pk").last(),
        "joined_review": Review.objects.select_related("book").order_by("pk").last(),
        "author": author,
        "lonely": lonely,
        "loan": loan,
        "lost": lost,
        "deferred": Author.objects.only("pk").get(name="A"),
        "known": known,
        "lazy": SimpleLazyObject(lambda: Author.objects.get(name="A")),
        "maker": lambda: Book.objects.order_by("title"),
        "words": ["a", "b"],
        "parts": {"book": book, "books": Book.objects.all()},
    }


@dataclass(frozen=True)
class Outcome:
    """What a rendering did.

    Attributes:
        answer: what was rendered, or the type of the error.
        queries: the statements, sorted.
        ahead: how many of them were made before anything was rendered.
    """

    answer: str | type
    queries: list[str]
    ahead: int


def outcome(source: str, make: Callable[[], dict[str, Any]] = context) -> Outcome:
    """Render here: in the bridge, or in plain code."""
    cache.clear()
    reset_queries()
    head = "" if source.startswith("{% extends") else HEAD
    template, values = ENGINE.from_string(head + source), Context(make())
    answer: str | type
    with CaptureQueriesContext(connection) as made:
        try:
            answer = re.sub("(?i)0x[0-9a-f]+", "", template.render(values))
        except Exception as error:
            answer = type(error)
    ahead = log_at_beginning.pop() - made.initial_queries
    return Outcome(answer, sorted(query["sql"] for query in made), ahead)
