from django.core.management.base import BaseCommand

from shelf.counters import take_number


class Command(BaseCommand):
    def handle(self, **options):
        self.stdout.write(str(take_number("visits")))
