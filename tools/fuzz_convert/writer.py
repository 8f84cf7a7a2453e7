"""Writes one program: a view, and the helpers it calls, by a seed."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

type Kind = Literal["number", "text", "book", "books"]
type Statement = Callable[[], None]

IMPORTS = '''"""Generated views."""

import requests
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import DatabaseError, transaction
from django.db.models import Avg, F, Sum
from django.http import Http404, HttpResponse, HttpResponseForbidden, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from library.models import Author, Book, Entry, Review, Tag
'''
_MODELS = ("Author", "Book", "Review", "Tag", "Entry")
_DEPTH = 2


@dataclass(frozen=True, slots=True)
class Program:
    """A view with its helpers, as source."""

    seed: int
    source: str

    @property
    def name(self) -> str:
        """The view's name."""
        return f"view_{self.seed}"


def write(seed: int) -> Program:
    """The program of the seed; the same seed writes the same."""
    return _Writer(seed).program()


@dataclass(slots=True)
class _Writer:
    seed: int
    _lines: list[str] = field(default_factory=list)
    _indent: int = 1
    _variables: list[tuple[Kind, str]] = field(default_factory=list)
    _helpers: list[str] = field(default_factory=list)
    _in_view: bool = False
    _in_transaction: bool = False
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _draw: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._draw = random.Random(self.seed)  # noqa: S311  # it must repeat

    def program(self) -> Program:
        parts = [self._helper(number) for number in range(self._draw.randint(0, 2))]
        self._in_view = True
        parts.append(self._function(f"view_{self.seed}", "request, pk", self._draw.randint(3, 8)))
        return Program(self.seed, "\n\n".join(parts))

    def _helper(self, number: int) -> str:
        name = f"_helper_{self.seed}_{number}"
        source = self._function(name, "pk", self._draw.randint(1, 3))
        self._helpers.append(name)
        return source

    def _function(self, name: str, parameters: str, statements: int) -> str:
        self._lines = [f"def {name}({parameters}):"]
        self._variables = [("number", "pk")]
        self._indent = 1
        self._block(statements, _DEPTH)
        if self._in_view:
            self._answer()
        else:
            self._put(f"return {self._number()}")
        return "\n".join(self._lines) + "\n"

    def _put(self, line: str) -> None:
        self._lines.append("    " * self._indent + line)

    def _new(self, kind: Kind, expression: str) -> str:
        name = f"{kind}_{next(self._numbers)}"
        self._put(f"{name} = {expression}")
        self._variables.append((kind, name))
        return name

    def _known(self, kind: Kind) -> list[str]:
        return [name for each, name in self._variables if each == kind]

    def _number(self) -> str:
        return self._draw.choice(self._known("number"))

    @contextmanager
    def _inside(self, line: str) -> Iterator[None]:
        """A block, whose variables are not seen behind it."""
        self._put(line)
        before = list(self._variables)
        self._indent += 1
        try:
            yield
        finally:
            self._indent -= 1
            self._variables = before

    def _block(self, statements: int, depth: int) -> None:
        for _ in range(statements):
            self._draw.choice(self._statements(depth))()

    def _statements(self, depth: int) -> list[Statement]:
        plain = [
            *[self._count, self._aggregate, self._exists, self._first, self._get, self._rows] * 2,
            self._relation,
            self._method,
            self._arithmetic,
            self._create,
            self._update,
            self._save,
            self._ask,
            self._cached,
        ]
        if self._helpers:
            plain += [self._call_helper] * 3
        if self._in_view:
            plain += [self._guard, self._guard, self._session, self._message, self._mail]
        if depth:
            nested = (self._loop, self._condition, self._attempt, self._transaction)
            plain += [lambda each=each: each(depth - 1) for each in nested]  # type: ignore[misc]
        return plain

    def _queryset(self) -> str:
        return self._draw.choice(
            (
                "Book.objects.all()",
                f"Book.objects.filter(pages__gte={self._number()})",
                f"Book.objects.filter(author_id={self._number()})",
                "Book.objects.thick()",
                'Book.objects.exclude(title="none")',
            )
        )

    def _count(self) -> None:
        model = self._draw.choice(_MODELS)
        self._new("number", f"{model}.objects.filter(pk__gte={self._number()}).count()")

    def _aggregate(self) -> None:
        function = self._draw.choice(("Sum", "Avg"))
        found = f'{self._queryset()}.aggregate(value={function}("pages"))["value"]'
        self._new("number", f"int({found} or 0)")

    def _exists(self) -> None:
        self._new("number", f"int(Review.objects.filter(rating={self._number()}).exists())")

    def _first(self) -> None:
        name = self._new("book", f'{self._queryset()}.order_by("pk").first()')
        with self._inside(f"if {name} is None:"):
            if self._in_view and self._draw.random() < 0.5:
                self._put('raise Http404("no book")')
            else:
                self._put(f"{name} = Book(title='none', pages=0, author_id=1)")

    def _get(self) -> None:
        if self._in_view and self._draw.random() < 0.4:
            self._new("book", f"get_object_or_404(Book, pk={self._number()})")
            return
        name = f"book_{next(self._numbers)}"
        with self._inside("try:"):
            self._put(f"{name} = Book.objects.get(pk={self._number()})")
        with self._inside("except Book.DoesNotExist:"):
            self._put(f"{name} = Book(title='none', pages=0, author_id=1)")
        self._variables.append(("book", name))

    def _rows(self) -> None:
        rows = f'{self._queryset()}.order_by("pk")[:{self._draw.randint(1, 4)}]'
        if self._draw.random() < 0.5:
            self._new("books", f"list({rows})")
        else:
            self._new("text", f'", ".join([each.title for each in {rows}])')

    def _relation(self) -> None:
        if books := self._known("book"):
            self._new("text", f"{self._draw.choice(books)}.author.name")

    def _method(self) -> None:
        books = self._known("book")
        call = self._draw.choice(("author.number_of_books()", "author.books.count()"))
        if books:
            self._new("number", f"{self._draw.choice(books)}.{call}")

    def _arithmetic(self) -> None:
        self._new("number", f"({self._number()} + {self._number()}) % 5 + 1")

    def _create(self) -> None:
        if self._draw.random() < 0.5:
            self._put(f'Entry.objects.create(text=f"seen {{{self._number()}}}")')
        else:
            self._put(f"Review.objects.create(book_id=1, rating={self._number()} % 5)")

    def _update(self) -> None:
        self._put(f'{self._queryset()}.update(pages=F("pages") + {self._number()} % 7)')

    def _save(self) -> None:
        if books := self._known("book"):
            book = self._draw.choice(books)
            self._put(f"{book}.pages = {self._number()}")
            self._put(f"{book}.save()")

    def _ask(self) -> None:
        method = self._draw.choice(("get", "get", "get", "post"))
        data = ', data={"number": 1}' if method == "post" else ""
        url = f'f"{{settings.UPSTREAM}}/price/{{{self._number()}}}"'
        name = f"text_{next(self._numbers)}"
        if self._draw.random() < 0.3:
            self._put(f"{name} = requests.{method}({url}, timeout=5{data}).text")
        else:
            with self._inside("try:"):
                self._put(f"{name} = requests.{method}({url}, timeout=5{data}).text")
            with self._inside("except requests.RequestException:"):
                self._put(f'{name} = "unknown"')
        self._variables.append(("text", name))

    def _cached(self) -> None:
        name = self._new("number", f'cache.get("count {self.seed}")')
        with self._inside(f"if {name} is None:"):
            self._put(f"{name} = Tag.objects.count()")
            self._put(f'cache.set("count {self.seed}", {name})')

    def _call_helper(self) -> None:
        self._new("number", f"{self._draw.choice(self._helpers)}({self._number()})")

    def _guard(self) -> None:
        condition, answer = self._draw.choice(
            (
                ("not request.user.is_authenticated", "HttpResponseForbidden()"),
                (f"{self._number()} > 90", 'redirect("/elsewhere/")'),
                (f"{self._number()} == 2", 'HttpResponse("two", status=418)'),
            )
        )
        with self._inside(f"if {condition}:"):
            self._put(f"return {answer}")

    def _session(self) -> None:
        if self._draw.random() < 0.5:
            self._put(f'request.session["number"] = {self._number()}')
        else:
            self._new("number", 'request.session.get("number", 1)')

    def _message(self) -> None:
        self._put(f'messages.info(request, f"number {{{self._number()}}}")')

    def _mail(self) -> None:
        text = f'f"number {{{self._number()}}}"'
        self._put(f'send_mail("Hello", {text}, "shop@example.com", ["anna@example.com"])')

    def _loop(self, depth: int) -> None:
        total = self._new("number", "0")
        rows = f'{self._queryset()}.order_by("pk")[:3]'
        row = f"book_{next(self._numbers)}"
        with self._inside(f"for {row} in {rows}:"):
            self._variables.append(("book", row))
            self._block(self._draw.randint(1, 2), depth)
            value = self._draw.choice(
                (f"{row}.reviews.count()", f"{row}.best_rating", f"{row}.pages")
            )
            self._put(f"{total} += {value}")
            if self._draw.random() < 0.2:
                with self._inside(f"if {total} > 3:"):
                    self._put("break")

    def _condition(self, depth: int) -> None:
        with self._inside(f"if {self._number()} % 2:"):
            self._block(self._draw.randint(1, 2), depth)
            self._put("pass")
        if self._draw.random() < 0.4:
            with self._inside("else:"):
                self._block(1, depth)
                self._put("pass")

    def _attempt(self, depth: int) -> None:
        name = self._new("number", "0")
        with self._inside("try:"):
            self._block(self._draw.randint(1, 3), depth)
            self._put(f"{name} = 10 // ({self._number()} % 3)")
        error = self._draw.choice(("ZeroDivisionError", "(ZeroDivisionError, DatabaseError)"))
        with self._inside(f"except {error}:"):
            self._put(f"{name} = Entry.objects.count()")

    def _transaction(self, depth: int) -> None:
        if self._in_transaction:
            return
        self._in_transaction = True
        with self._inside("with transaction.atomic():"):
            self._create()
            self._block(self._draw.randint(1, 2), depth)
        self._in_transaction = False

    def _answer(self) -> None:
        shown = [
            f'"{name}": {name}' for kind, name in self._variables if kind in ("number", "text")
        ]
        shown += [f'"{name}": {name}.title' for name in self._known("book")]
        shown += [f'"{name}": [each.title for each in {name}]' for name in self._known("books")]
        if self._draw.random() < 0.6:
            self._put(f"return JsonResponse({{{', '.join(shown)}}})")
            return
        context = (
            f'"title": "Page", "number": {self._number()}, '
            f'"books": {self._queryset()}.order_by("pk"), '
            f'"reviews": Review.objects.filter(book_id={self._number()}).order_by("pk")'
        )
        self._put(f'return render(request, "page.html", {{{context}}})')
