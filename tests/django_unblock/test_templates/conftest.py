"""Rows for the bookshop's pages, and renderings of them in and outside the bridge."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bookshop import Outcome, outcome
from testapp.models import Author, Biography, Book, Loan, Review, Tag

from django_unblock import bridge


@pytest.fixture(scope="module", autouse=True)
def rows(database: None) -> Iterator[None]:
    """Committed rows: what shares a test's transaction is not read ahead."""
    author, other = Author.objects.create(name="A"), Author.objects.create(name="B")
    Biography.objects.create(author=author, text="of A")
    for title, by in (("X", author), ("Y", other), ("Z", author)):
        book = Book.objects.create(title=title, author=by)
        Review.objects.create(book=book, text=f"on {title}")
    Tag.objects.create(name="T")
    Loan.objects.create(book=book, reader=other)
    Loan.objects.create(book_id=99999)
    yield
    for model in (Loan, Tag, Review, Book, Biography, Author):
        model.objects.all().delete()


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """One loop, and one pool, for all renderings."""
    with asyncio.Runner() as made:
        yield made


type Compare = Callable[..., Outcome]


@pytest.fixture(scope="module")
def compare(runner: asyncio.Runner) -> Compare:
    """What a rendering does in the bridge, which is what it does elsewhere."""

    def compare(*arguments: Any) -> Outcome:
        stock = outcome(*arguments)
        ours = runner.run(bridge.run(outcome, *arguments))
        assert ours.answer == stock.answer
        assert isinstance(stock.answer, type) or ours.queries == stock.queries
        assert stock.ahead == 0
        return ours

    return compare
