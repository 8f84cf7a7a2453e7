"""punkweb-bb without its optional middleware."""

from accuracy_site.base import *
from accuracy_site.base import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "punkweb_bb"]
APP_URLS = {"forum/": "punkweb_bb.urls"}
