from django.db.models.signals import post_save
from django.dispatch import receiver

from .models import LogEntry, Order


@receiver(post_save, sender=Order)
def log_order(sender, instance, created, **kwargs):
    if created:
        LogEntry.objects.create(text=f"Order {instance.pk}")
