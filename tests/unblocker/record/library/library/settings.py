"""A project with every kind of view and I/O that is recorded, on SQLite."""

import os
from pathlib import Path

BASE = Path(__file__).parent.parent
SECRET_KEY = "library"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "library.urls"
WSGI_APPLICATION = "library.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "books",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
_FILE = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {"timeout": 20}}
DATABASES = {
    "default": {**_FILE, "NAME": BASE / "library.sqlite3", "TEST": {"NAME": BASE / "test.sqlite3"}},
    "archive": {**_FILE, "NAME": BASE / "archive.sqlite3"},
}
MIGRATION_MODULES = dict.fromkeys(("auth", "contenttypes", "sessions", "books"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_URL = "static/"
UPSTREAM = os.environ.get("LIBRARY_UPSTREAM", "http://127.0.0.1:1/")
