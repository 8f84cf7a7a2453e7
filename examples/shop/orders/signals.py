"""Customers hear about their orders."""

from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.models import Notification

from .models import Order


@receiver(post_save, sender=Order)
def notify_customer(sender, instance, created, raw=False, **kwargs):
    if created and not raw:
        Notification.objects.create(
            user_id=instance.user_id, message=f"We received your order {instance.number}."
        )
