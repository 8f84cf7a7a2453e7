"""What the shop knows of a customer beyond Django's user."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Profile(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile"
    )
    billing_id = models.CharField(
        max_length=40, blank=True, help_text="The customer's id in the billing system."
    )
    phone = models.CharField(max_length=30, blank=True)
    newsletter = models.BooleanField(default=False)
    document_quota = models.PositiveBigIntegerField(
        default=20 * 1024 * 1024, help_text="Bytes of documents this customer may keep."
    )

    def __str__(self):
        return f"Profile of {self.user}"


class NotificationQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(is_read=False)

    def newest(self):
        return self.order_by("-created", "-pk")


class Notification(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    message = models.CharField(max_length=200)
    is_read = models.BooleanField(default=False)
    created = models.DateTimeField(default=timezone.now)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "-created"], name="notification_newest")]

    def __str__(self):
        return self.message
