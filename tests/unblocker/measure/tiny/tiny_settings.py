"""A project just large enough to do each kind of I/O."""

import os

SECRET_KEY = "tiny"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tiny_urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["TINY_DATABASE"],
        "USER": "postgres",
        "HOST": "127.0.0.1",
        "PORT": os.environ["TINY_PORT"],
        "CONN_MAX_AGE": 60,
    }
}
CSRF_USE_SESSIONS = bool(os.environ.get("TINY_CSRF_IN_SESSION"))
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["TINY_SMTP_PORT"])
API = os.environ["TINY_API"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["stderr"], "level": "INFO"}},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
