"""django-todo with its public tickets and, by django-autocomplete-light, the merging of tasks."""

from accuracy_site.base import *
from accuracy_site.base import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.sites", "dal", "dal_select2", "todo"]
APP_URLS = {"todo/": "todo.urls"}
TODO_DEFAULT_LIST_SLUG = "tickets"
TODO_DEFAULT_ASSIGNEE = "admin"
