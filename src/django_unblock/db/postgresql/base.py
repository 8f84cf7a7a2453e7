"""The engine's ``DatabaseWrapper``."""

from django.db.backends.postgresql.base import DatabaseWrapper as DatabaseWrapper
