from .models import Book


def books_called(title):
    return Book.objects.filter(title=title).count()
