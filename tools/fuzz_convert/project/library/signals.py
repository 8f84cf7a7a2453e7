from django.db.models.signals import post_save
from django.dispatch import receiver

from library.models import Entry, Review


@receiver(post_save, sender=Review)
def note_review(sender, instance, created, **kwargs):
    if created:
        Entry.objects.create(text=f"review of {instance.book_id}")
