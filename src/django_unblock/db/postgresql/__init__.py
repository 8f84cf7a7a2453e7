"""``ENGINE = "django_unblock.db.postgresql"``: Django's PostgreSQL backend on the event loop."""
