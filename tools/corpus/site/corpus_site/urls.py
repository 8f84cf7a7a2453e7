"""The app's views, and the admin's, to which apps link."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    *(path(prefix, include(module)) for prefix, module in settings.APP_URLS.items()),
]
