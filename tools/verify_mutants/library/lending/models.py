"""Books, loans, and a journal of what happened."""

from django.conf import settings
from django.db import models


class Tag(models.Model):
    """What a book is about."""

    name = models.CharField(max_length=20, unique=True)


class Book(models.Model):
    """A title, of which there are some copies."""

    title = models.CharField(max_length=50, unique=True)
    copies = models.IntegerField(default=1)
    cover = models.CharField(max_length=100, default="")
    tags = models.ManyToManyField(Tag, related_name="books")


class Loan(models.Model):
    """A copy that is somebody's for a while."""

    book = models.ForeignKey(Book, models.CASCADE, related_name="loans")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="loans")
    begun = models.DateTimeField()
    is_over = models.BooleanField(default=False)


class Event(models.Model):
    """A line of the journal."""

    text = models.CharField(max_length=100)
