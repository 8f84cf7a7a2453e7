"""The URLs of a project made of some of the apps."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

URLS = {
    "machina": "machina.urls",
    "helpdesk": "helpdesk.urls",
    "spirit": "spirit.urls",
    "django_ledger": "django_ledger.urls",
    "django_nyt": "django_nyt.urls",
    "wiki": "wiki.urls",
    "allauth": "allauth.urls",
    "photologue": "photologue.urls",
    "newsletter": "newsletter.urls",
}

urlpatterns = [
    path("admin/", admin.site.urls),
    *(
        path(f"{package}/", include(URLS[package]))
        for package in settings.COMPOSED
        if package in URLS
    ),
]
