"""Fills the database that the tests clone."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django
from django.core.management import call_command

django.setup()
call_command("migrate", run_syncdb=True, verbosity=0)

from django.contrib.auth import get_user_model  # noqa: E402  # the apps must be ready
from shelf.models import Book, Shelf  # noqa: E402

users = get_user_model().objects
anna = users.create_user("anna")
users.create_user("ben")
users.create_user("clara", is_staff=True)
shelf = Shelf.objects.create(name="novels")
for number in range(3):
    Book.objects.create(title=f"Book {number}", shelf=shelf, owner=anna, copies=number)
