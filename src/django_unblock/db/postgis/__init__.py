"""``ENGINE = "django_unblock.db.postgis"``: GeoDjango's PostgreSQL backend on the event loop."""
