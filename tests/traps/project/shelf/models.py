from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=50)

    def __str__(self):
        return self.name

    def number_of_books(self):
        return self.books.count()


class Profile(models.Model):
    author = models.OneToOneField(Author, models.CASCADE, related_name="profile")
    bio = models.CharField(max_length=200)


class BookQuerySet(models.QuerySet):
    def shown(self):
        return self.filter(is_hidden=False)

    def total_pages(self):
        return self.aggregate(total=models.Sum("pages"))["total"] or 0


class Book(models.Model):
    title = models.CharField(max_length=50)
    pages = models.IntegerField(default=100)
    is_hidden = models.BooleanField(default=False)
    author = models.ForeignKey(Author, models.CASCADE, related_name="books")

    objects = BookQuerySet.as_manager()

    def __str__(self):
        return self.title

    @property
    def best_rating(self):
        review = self.reviews.order_by("-rating", "pk").first()
        return review.rating if review else 0


class Review(models.Model):
    book = models.ForeignKey(Book, models.CASCADE, related_name="reviews")
    rating = models.IntegerField(default=3)
    text = models.CharField(max_length=200, default="", blank=True)

    def save(self, *args, **kwargs):
        self.rating = min(self.rating, 5)
        super().save(*args, **kwargs)


class Tag(models.Model):
    name = models.CharField(max_length=30)
    books = models.ManyToManyField(Book, related_name="tags")


class Entry(models.Model):
    """The journal: what signals, forms and hooks write."""

    text = models.CharField(max_length=200)


class Counter(models.Model):
    name = models.CharField(max_length=30, unique=True)
    value = models.IntegerField(default=0)
