"""Documents that customers keep with us: invoices, warranty papers, photographs."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class DocumentQuerySet(models.QuerySet):
    def owned_by(self, user):
        return self.filter(owner=user)


class Document(models.Model):
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="documents"
    )
    title = models.CharField(max_length=120)
    key = models.CharField(max_length=200, help_text="Where it is in the bucket.")
    content_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    created = models.DateTimeField(default=timezone.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]

    def __str__(self):
        return self.title
