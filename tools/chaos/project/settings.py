"""Settings; the database's address and who connects come from the environment."""

import os

from tools.chaos.project import POOL_SIZE

SECRET_KEY = "chaos only"  # noqa: S105 - a project that lives for minutes
ALLOWED_HOSTS = ["127.0.0.1"]
USE_TZ = True
ROOT_URLCONF = "tools.chaos.project.urls"
ASGI_APPLICATION = "tools.chaos.project.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django_unblock",
    "tools.chaos.project",
]
MIDDLEWARE = [
    "tools.chaos.project.middleware.Envelope",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django_unblock.db.postgresql",
        "NAME": "postgres",
        "HOST": "127.0.0.1",
        "PORT": os.environ["CHAOS_PORT"],
        "USER": "postgres",
        "OPTIONS": {
            "application_name": os.environ["CHAOS_NAME"],
            "pool": {"max_size": POOL_SIZE, "timeout": 10.0},
        },
    }
}
UNBLOCK = {"SYNC_VIEWS": "loop", "DRAIN_SECONDS": 3.0, "BACKGROUND_LIMIT": 100}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django_unblock": {"handlers": ["console"], "level": "INFO"},
        "asyncio": {"handlers": ["console"], "level": "WARNING"},
        # The answers say what failed; the log is for what no answer can say.
        "django.request": {"level": "CRITICAL"},
    },
}
