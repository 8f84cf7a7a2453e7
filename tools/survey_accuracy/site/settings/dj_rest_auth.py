"""dj-rest-auth with tokens and sessions, without django-allauth, as its documentation starts."""

from accuracy_site.base import *
from accuracy_site.base import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework", "rest_framework.authtoken", "dj_rest_auth"]
APP_URLS = {"dj-rest-auth/": "dj_rest_auth.urls"}
