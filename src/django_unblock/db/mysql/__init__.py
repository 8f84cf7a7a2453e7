"""``ENGINE = "django_unblock.db.mysql"``: Django's MySQL backend, its calls in threads."""
