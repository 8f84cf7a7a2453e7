"""Each loan is written down."""

from django.db.models.signals import post_save
from django.dispatch import receiver

from lending.models import Event, Loan


@receiver(post_save, sender=Loan)
def write_down(instance, created, **_):
    """Tell of a new loan, or of one that has changed."""
    Event.objects.create(text=f"loan of {instance.book_id} {'begun' if created else 'changed'}")
