from django.core.mail import send_mail
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from shelf.models import Author, Entry, Review, Tag


@receiver(post_save, sender=Review)
def note_review(sender, instance, created, **kwargs):
    if created:
        Entry.objects.create(text=f"review of {instance.book_id}")


@receiver(post_delete, sender=Review)
def note_removal(sender, instance, **kwargs):
    Entry.objects.create(text=f"review {instance.pk} removed")


@receiver(m2m_changed, sender=Tag.books.through)
def note_tags(sender, instance, action, **kwargs):
    if action == "post_add":
        Entry.objects.create(text=f"tagged {instance.pk}")


@receiver(post_save, sender=Author)
def welcome(sender, instance, created, **kwargs):
    if created:
        transaction.on_commit(
            lambda: send_mail("Welcome", instance.name, None, ["author@shelf.example"])
        )
