"""django-helpdesk with its knowledge base, without teams, which need pinax-teams."""

from accuracy_site.base import *
from accuracy_site.base import INSTALLED_APPS

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "django.contrib.sites",
    "django.contrib.humanize",
    "bootstrap4form",
    "rest_framework",
    "helpdesk",
]
APP_URLS = {"helpdesk/": "helpdesk.urls"}
HELPDESK_TEAMS_MODE_ENABLED = False
LOGIN_URL = "helpdesk:login"
