"""``ENGINE = "django_unblock.db.postgresql"``: Django's PostgreSQL backend on the event loop."""

from django.core.exceptions import ImproperlyConfigured

try:
    import psycopg  # noqa: F401  imported to tell what is missing
    import psycopg_pool  # noqa: F401
except ImportError as error:
    raise ImproperlyConfigured(
        f"R503: the engine django_unblock.db.postgresql needs psycopg 3 and psycopg_pool: {error}. "
        "psycopg2 can't wait on an event loop. Run: pip install 'psycopg[binary,pool]'"
    ) from error
