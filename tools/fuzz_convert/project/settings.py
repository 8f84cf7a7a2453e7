"""A project as `startproject` makes it; the environment says where its database and its upstream are."""

import os

SECRET_KEY = "only for generated programs"
ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "library.apps.LibraryConfig",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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
        "NAME": os.environ.get("FUZZ_DATABASE", "fuzz"),
        "HOST": os.environ.get("FUZZ_HOST", "127.0.0.1"),
        "PORT": os.environ.get("FUZZ_PORT", "5432"),
        "USER": os.environ.get("FUZZ_USER", "postgres"),
    }
}
UPSTREAM = os.environ.get("FUZZ_UPSTREAM", "http://127.0.0.1:1")
MIGRATION_MODULES = dict.fromkeys(("auth", "contenttypes", "sessions", "library"))
