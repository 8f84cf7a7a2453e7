from django.contrib.auth.models import User
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from .models import LogEntry, Order, Profile


@receiver(post_save, sender=Order)
def log_order(sender, instance, created, **kwargs):
    if created:
        LogEntry.objects.create(text=f"Order {instance.pk}")


@receiver(post_delete, sender=Profile)
def log_profile(sender, instance, **kwargs):
    LogEntry.objects.create(text=f"Profile {instance.pk}")


@receiver(m2m_changed, sender=User.groups.through)
def log_groups(sender, instance, action, **kwargs):
    if action == "post_add":
        LogEntry.objects.create(text=f"User {instance.pk}")
