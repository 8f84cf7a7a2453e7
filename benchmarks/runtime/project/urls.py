"""The same pages, from synchronous views, async views, and views on django-async-backend's API."""

from typing import Any

from django.conf import settings
from django.urls import include, path

from benchmarks.runtime.library import async_views, sync_views

urlpatterns: list[Any] = [
    path("sync/books/<int:pk>/", sync_views.book),
    path("sync/report/", sync_views.report),
    path("async/books/<int:pk>/", async_views.book),
    path("async/report/", async_views.report),
]
if "django_async_backend" in settings.INSTALLED_APPS:
    urlpatterns.append(path("own-api/", include("benchmarks.runtime.library.own_api_urls")))
