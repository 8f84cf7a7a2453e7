"""``manage.py send_digest``: for cron, once a week."""

from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string

from accounts.dashboard import fetch_stats

User = get_user_model()


class Command(BaseCommand):
    help = "Mail their figures to the customers who take the newsletter."

    def handle(self, *args, **options):
        readers = User.objects.filter(is_active=True, profile__newsletter=True).order_by("pk")
        sent = 0
        for user in readers.iterator():
            context = {"user": user, "stats": fetch_stats(user)}
            body = render_to_string("accounts/email/digest.txt", context)
            sent += send_mail("Your week at the shop", body, None, [user.email])
        self.stdout.write(self.style.SUCCESS(f"{sent} digests sent."))
