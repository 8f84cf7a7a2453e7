"""A project as `startproject` makes it; the environment says where its database and its upstream are."""

import os

SECRET_KEY = "only for the traps"
ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "shelf.apps.ShelfConfig",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "shelf.middleware.GuideMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("TRAPS_DATABASE", "traps"),
        "HOST": os.environ.get("TRAPS_HOST", "127.0.0.1"),
        "PORT": os.environ.get("TRAPS_PORT", "5432"),
        "USER": os.environ.get("TRAPS_USER", "postgres"),
    }
}
LOGIN_URL = "/login/"
ADMINS = [("Boss", "boss@shelf.example")]
LOGGING_CONFIG = None
UPSTREAM = os.environ.get("TRAPS_UPSTREAM", "http://127.0.0.1:1")
UNREACHABLE = "http://localhost:1"
MIGRATION_MODULES = dict.fromkeys(("auth", "contenttypes", "sessions", "shelf"))
