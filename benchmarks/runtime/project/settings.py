"""What `startproject` writes, with the contestant's own app and its way to the database."""

import json
import os

_CONTESTANT = json.loads(os.environ["BENCH_CONTESTANT"])

SECRET_KEY = "for the benchmark only"  # noqa: S105 - it protects nothing
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
ROOT_URLCONF = "benchmarks.runtime.project.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    *_CONTESTANT["apps"],
    "benchmarks.runtime.library",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
DATABASES = {"default": _CONTESTANT["database"]}
UNBLOCK = {"SYNC_VIEWS": "loop"}
ASYNC_BACKEND_DISABLE_POOL_WARNING = True  # it warns of WSGI
