"""django-helpdesk as its demo sets it up, without teams, which need pinax-teams."""

from corpus_site.base import *
from corpus_site.base import INSTALLED_APPS

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "django.contrib.sites",
    "django.contrib.humanize",
    "bootstrap4form",
    "rest_framework",
    "helpdesk",
]
ROOT_URLCONF = "helpdesk.tests.urls"
HELPDESK_TEAMS_MODE_ENABLED = False
HELPDESK_PUBLIC_ENABLED = True
HELPDESK_VIEW_A_TICKET_PUBLIC = True
HELPDESK_SUBMIT_A_TICKET_PUBLIC = True
HELPDESK_KB_ENABLED = True
HELPDESK_SHOW_CHANGE_PASSWORD = True
HELPDESK_REDIRECT_TO_LOGIN_BY_DEFAULT = False
LOGIN_URL = "helpdesk:login"
LOGIN_REDIRECT_URL = "helpdesk:home"
LANGUAGES = [("en", "English"), ("fr", "French"), ("de", "German")]
