"""``ENGINE = "django_unblock.db.sqlite3"``: Django's SQLite backend, its calls in threads."""
