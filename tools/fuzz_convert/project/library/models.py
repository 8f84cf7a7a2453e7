from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=50)

    def number_of_books(self):
        return self.books.count()


class BookQuerySet(models.QuerySet):
    def thick(self):
        return self.filter(pages__gte=300)


class Book(models.Model):
    title = models.CharField(max_length=50)
    pages = models.IntegerField(default=100)
    author = models.ForeignKey(Author, models.CASCADE, related_name="books")

    objects = BookQuerySet.as_manager()

    @property
    def best_rating(self):
        review = self.reviews.order_by("-rating", "pk").first()
        return review.rating if review else 0


class Review(models.Model):
    book = models.ForeignKey(Book, models.CASCADE, related_name="reviews")
    rating = models.IntegerField(default=3)


class Tag(models.Model):
    name = models.CharField(max_length=30)
    books = models.ManyToManyField(Book, related_name="tags")


class Entry(models.Model):
    text = models.CharField(max_length=200)
