"""django-friendship with Django's own user, and none of its settings."""

from accuracy_site.base import *
from accuracy_site.base import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "friendship"]
APP_URLS = {"friendship/": "friendship.urls"}
