"""The rows that are there when a measurement begins."""

from benchmarks.runtime.library.models import Author, Book, Review

BOOKS = 64
REVIEWS_EACH = 5


def make() -> None:
    """Make the tables' rows; primary keys count from 1."""
    authors = Author.objects.bulk_create(Author(name=f"Author {n}") for n in range(8))
    books = Book.objects.bulk_create(
        Book(title=f"Book {n}", author=authors[n % len(authors)], pages=100 + n)
        for n in range(BOOKS)
    )
    Review.objects.bulk_create(
        Review(book=book, text="Good.") for book in books for _ in range(REVIEWS_EACH)
    )
