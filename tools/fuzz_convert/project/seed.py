"""Makes the tables and the rows that the programs work on."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django
from django.core.management import call_command

django.setup()
call_command("migrate", run_syncdb=True, verbosity=0)

from django.contrib.auth import get_user_model  # noqa: E402  # the apps must be ready
from library.models import Author, Book, Entry, Review, Tag  # noqa: E402

get_user_model().objects.create_user("anna")
tags = [Tag.objects.create(name=name) for name in ("new", "old")]
for number in range(1, 4):
    author = Author.objects.create(name=f"Author {number}")
    for part in range(number):
        book = Book.objects.create(title=f"Book {number}.{part}", pages=150 * number, author=author)
        book.tags.add(tags[part % 2])
        for rating in range(part + 1):
            Review.objects.create(book=book, rating=1 + rating)
Entry.objects.all().delete()
