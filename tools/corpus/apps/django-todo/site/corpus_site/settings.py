"""django-todo with its public tickets and, by django-autocomplete-light, the merging of tasks."""

from corpus_site.base import *
from corpus_site.base import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.sites", "dal", "dal_select2", "todo"]
APP_URLS = {"todo/": "todo.urls"}
LOGIN_URL = "/admin/login/"
LOGOUT_REDIRECT_URL = "home"
