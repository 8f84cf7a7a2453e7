from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Fills an empty database, in one process."""

    def add_arguments(self, parser):
        parser.add_argument("fixture")

    def handle(self, *args, fixture, **options):
        call_command("migrate", run_syncdb=True, verbosity=0)
        call_command("loaddata", fixture, verbosity=0)
