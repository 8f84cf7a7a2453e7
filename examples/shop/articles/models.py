"""The shop's magazine."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone


class ArticleManager(models.Manager):
    def published(self):
        return self.filter(is_published=True)


class Article(models.Model):
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="articles"
    )
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=300, blank=True)
    body = models.TextField()
    products = models.ManyToManyField("catalog.Product", blank=True, related_name="articles")
    is_published = models.BooleanField(default=False)
    created = models.DateTimeField(default=timezone.now)

    objects = ArticleManager()

    class Meta:
        ordering = ["-created", "-pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("articles:detail", args=[self.pk])
