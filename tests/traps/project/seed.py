"""Makes the tables and the rows that the traps work on.

Book 1 is shown and has reviews, book 2 is shown and has none, book 3 is hidden, and its author has no profile.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")

import django
from django.core.management import call_command

django.setup()
call_command("migrate", run_syncdb=True, verbosity=0)

from django.contrib.auth import get_user_model  # noqa: E402  # the apps must be ready
from shelf.models import Author, Book, Counter, Entry, Profile, Review, Tag  # noqa: E402

User = get_user_model()
User.objects.create_user("anna", email="anna@shelf.example")
User.objects.create_user("boss", email="boss@shelf.example", is_staff=True)
known, unknown = Author.objects.bulk_create([Author(name="Bachmann"), Author(name="Celan")])
Profile.objects.create(author=known, bio="wrote in Rome")
books = [
    Book.objects.create(title="Malina", pages=356, author=known),
    Book.objects.create(title="Undine", pages=40, author=known),
    Book.objects.create(title="Atemwende", pages=120, author=unknown, is_hidden=True),
]
for number, book in enumerate(books):
    Tag.objects.create(name=f"tag {number}").books.add(book, books[0])
for rating in (5, 2, 4):
    Review.objects.create(book=books[0], rating=rating, text=f"rated {rating}")
Review.objects.create(book=books[2], rating=1, text="not for sale")
Counter.objects.create(name="visits", value=10)
Entry.objects.all().delete()
