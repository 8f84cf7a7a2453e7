"""The project that is made for a package: settings, a URLconf, and the package itself as the project's own code."""

import shutil
import textwrap
from pathlib import Path

from tools.environments import Environment
from tools.survey_wild.packages import Package

_SETTINGS = """\
from pathlib import Path

BASE_DIR = Path(__file__).parent
SECRET_KEY = "wild" * 16
DEBUG = True
USE_TZ = True
SITE_ID = 1
ROOT_URLCONF = "wild_urls"
STATIC_URL, MEDIA_URL = "/static/", "/media/"
MEDIA_ROOT, STATIC_ROOT = BASE_DIR / "media", BASE_DIR / "static"
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "nobody-connects"}}
INSTALLED_APPS = [
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "django.contrib.sites", "django.contrib.staticfiles", *@apps@,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware", *@middleware@,
]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "DIRS": [],
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.debug", "django.template.context_processors.request",
        "django.template.context_processors.i18n", "django.template.context_processors.media",
        "django.template.context_processors.static", "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages", *@context_processors@,
    ]},
}]
"""
_MANAGE = """\
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wild_settings")
from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
"""
_IMPORTS = "from django.urls import include, path\n"


def make_project(package: Package, environment: Environment, folder: Path) -> None:
    """Make the project in `folder`, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for module in package.modules:
        shutil.copytree(environment.packages / module, folder / module)
    (folder / "manage.py").write_text(_MANAGE, encoding="utf-8")
    (folder / "wild_settings.py").write_text(_settings(package), encoding="utf-8")
    (folder / "wild_urls.py").write_text(_IMPORTS + _urls(package), encoding="utf-8")


def _settings(package: Package) -> str:
    text = _SETTINGS
    for name in ("apps", "middleware", "context_processors"):
        text = text.replace(f"@{name}@", repr(list(getattr(package, name))))
    return text + textwrap.dedent(package.settings)


def _urls(package: Package) -> str:
    if package.urls:
        return package.urls
    included = "".join(f'    path("", include("{name}")),\n' for name in package.include)
    return f"\nurlpatterns = [\n{included}]\n"
