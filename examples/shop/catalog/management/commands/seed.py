"""``manage.py seed``: fill an empty database with a shop's worth of data."""

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from catalog.models import Product
from shop.seed import fill


class Command(BaseCommand):
    help = "Fill an empty database with a shop's worth of data, the same each time."

    def add_arguments(self, parser):
        parser.add_argument("--flush", action="store_true", help="Empty the database first.")

    def handle(self, *args, flush, **options):
        if flush:
            call_command("flush", interactive=False, verbosity=0)
        elif Product.objects.exists():
            self.stdout.write("There is data already; --flush starts over.")
            return
        with transaction.atomic():
            fill()
        self.stdout.write(self.style.SUCCESS("The shop is filled."))
