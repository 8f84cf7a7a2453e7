from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=100)

    def __str__(self):
        return self.name


class Book(models.Model):
    title = models.CharField(max_length=100)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="books")
    tags = models.ManyToManyField("Tag", related_name="books")
    price = models.DecimalField(max_digits=8, decimal_places=2, default=0)

    def __str__(self):
        return self.title


class Review(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="reviews")
    text = models.TextField()
    rating = models.IntegerField(default=5)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.text


class Tag(models.Model):
    name = models.CharField(max_length=30, unique=True)

    def __str__(self):
        return self.name


class Biography(models.Model):
    author = models.OneToOneField(Author, on_delete=models.CASCADE, related_name="biography")
    text = models.TextField()

    def __str__(self):
        return self.text


class Loan(models.Model):
    """Kept when its book is gone: the row that it refers to may be missing."""

    book = models.ForeignKey(Book, on_delete=models.DO_NOTHING, db_constraint=False)
    reader = models.ForeignKey(Author, on_delete=models.CASCADE, null=True, related_name="+")

    def __str__(self):
        return f"loan {self.pk}"
