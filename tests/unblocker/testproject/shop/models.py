from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class Category(models.Model):
    name = models.CharField(max_length=40)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="children")

    def __str__(self):
        return self.name


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)

    def __str__(self):
        return self.name


class ProductQuerySet(models.QuerySet):
    def available(self):
        return self.filter(stock__gt=0)

    def cheap(self, limit):
        return self.available().filter(price__lt=limit)

    def total_stock(self):
        return self.aggregate(total=models.Sum("stock"))["total"] or 0


class Product(models.Model):
    category = models.ForeignKey(Category, models.PROTECT, related_name="products")
    tags = models.ManyToManyField(Tag, related_name="products")
    name = models.CharField(max_length=80)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    stock = models.PositiveIntegerField(default=0)
    picture = models.FileField(null=True)

    objects = ProductQuerySet.as_manager()

    def __str__(self):
        return self.name

    @property
    def is_cheap(self):
        return self.price < 10

    @property
    def path(self):
        return f"{self.category.name}/{self.name}"

    def rating(self):
        return self.reviews.aggregate(average=models.Avg("rating"))["average"]


class ReviewManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().select_related("author")

    def newest(self):
        return self.order_by("-pk")


class Review(models.Model):
    product = models.ForeignKey(Product, models.CASCADE, related_name="reviews")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reviews")
    rating = models.PositiveSmallIntegerField()

    objects = ReviewManager()

    def __str__(self):
        return f"{self.rating} by {self.author}"


class Profile(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="profile")
    phone = models.CharField(max_length=20)

    def __str__(self):
        return self.phone


class Order(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="orders")
    referrer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="referred"
    )
    total = models.DecimalField(max_digits=8, decimal_places=2, default=0)

    def __str__(self):
        return f"Order {self.pk}"

    def get_absolute_url(self):
        return f"/orders/{self.pk}/"


class OrderItem(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(default=1)

    def __str__(self):
        return f"{self.quantity} {self.product}"

    def get_absolute_url(self):
        return self.order.get_absolute_url()

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        Product.objects.filter(pk=self.product_id).update(stock=models.F("stock") - self.quantity)


class LogEntry(models.Model):
    text = models.TextField()
    content_type = models.ForeignKey(ContentType, models.CASCADE, null=True)
    object_id = models.PositiveBigIntegerField(null=True)
    subject = GenericForeignKey("content_type", "object_id")


class Event(models.Model):
    day = models.DateField()
    name = models.CharField(max_length=40)

    def __str__(self):
        return self.name
