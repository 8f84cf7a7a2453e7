"""The runtime's database engines, by the stock ones whose place they take."""

ENGINES = {
    "django.db.backends.postgresql": "django_unblock.db.postgresql",
    "django.contrib.gis.db.backends.postgis": "django_unblock.db.postgis",
    "django.db.backends.mysql": "django_unblock.db.mysql",
    "django.db.backends.sqlite3": "django_unblock.db.sqlite3",
}
