"""Make the tables and rows: `python -m benchmarks.runtime.prepare_database`."""

import django

if __name__ == "__main__":
    django.setup()

    from django.core.management import call_command

    from benchmarks.runtime.library import rows

    call_command("migrate", run_syncdb=True, verbosity=0)
    rows.make()
