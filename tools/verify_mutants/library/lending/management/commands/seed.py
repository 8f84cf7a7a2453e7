"""Members, books and loans."""

from datetime import UTC, datetime

from django.contrib.auth.models import Permission, User
from django.core.management.base import BaseCommand

from lending.models import Book, Loan, Tag


class Command(BaseCommand):
    """Fill the empty database."""

    def handle(self, **_):
        """Make two members, a librarian, and what they lend."""
        anna, ben, clara = (User.objects.create_user(name) for name in ("anna", "ben", "clara"))
        clara.user_permissions.add(Permission.objects.get(codename="change_book"))
        tags = [Tag.objects.create(name=name) for name in ("sea", "love", "crime")]
        for number in range(12):
            book = Book.objects.create(title=f"Book {number:02}", copies=number % 3 * 50)
            book.tags.set(tags[: number % 3 + 1])
        begun = datetime(2026, 11, 1, 9, tzinfo=UTC)
        for book, member in zip(
            Book.objects.order_by("title")[:4], (anna, anna, ben, clara), strict=True
        ):
            Loan.objects.create(book=book, member=member, begun=begun)
