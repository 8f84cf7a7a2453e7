"""punkweb-bb with its optional middleware."""

from corpus_site.base import *
from corpus_site.base import INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = [*INSTALLED_APPS, "punkweb_bb"]
MIDDLEWARE = [*MIDDLEWARE, "punkweb_bb.middleware.ProfileOnlineCacheMiddleware"]
APP_URLS = {"": "punkweb_bb.urls"}
LOGIN_URL = "punkweb_bb:login"
