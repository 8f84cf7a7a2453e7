"""``manage.py seed``: fill an empty database with a shop's worth of data."""

from django.core.management.base import BaseCommand
from django.db import transaction

from catalog.models import Product
from shop.seed import fill


class Command(BaseCommand):
    help = "Fill an empty database with a shop's worth of data, the same each time."

    def handle(self, *args, **options):
        if Product.objects.exists():
            self.stdout.write("There is data already; to start over, run flush first.")
            return
        with transaction.atomic():
            fill()
        self.stdout.write(self.style.SUCCESS("The shop is filled."))
