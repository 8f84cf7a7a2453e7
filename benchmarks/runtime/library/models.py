"""The models, and an expression that makes a query slow."""

from django.db import models


class Author(models.Model):
    """Wrote books."""

    name = models.CharField(max_length=100)


class Book(models.Model):
    """A book, and how often it was lent."""

    title = models.CharField(max_length=100)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="books")
    pages = models.IntegerField(default=0)
    lent = models.IntegerField(default=0)


class Review(models.Model):
    """What a reader says of a book."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="reviews")
    text = models.TextField()


class Slowly(models.Func):
    """Takes ``seconds`` on the server, for each row that the query returns."""

    function = "pg_sleep"
    template = "(%(function)s(%(expressions)s) IS NOT NULL)"
    output_field = models.BooleanField()

    def __init__(self, seconds: float) -> None:
        super().__init__(models.Value(seconds))
