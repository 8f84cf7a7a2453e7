"""A project just large enough for every command: views to convert, one to leave, mail, a test of its own."""

import os

SECRET_KEY = "notebook"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "notebook.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "notes",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("NOTEBOOK_DATABASE", "nowhere"),
        "USER": "postgres",
        "HOST": "127.0.0.1",
        "PORT": os.environ.get("NOTEBOOK_PORT", "1"),
    }
}
MIGRATION_MODULES = dict.fromkeys(("auth", "contenttypes", "sessions", "notes"))
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ.get("NOTEBOOK_SMTP_PORT", "1"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
