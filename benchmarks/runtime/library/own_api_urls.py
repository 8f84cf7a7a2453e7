"""The pages on django-async-backend's API."""

from django.urls import path

from benchmarks.runtime.library import own_api_views

urlpatterns = [
    path("books/<int:pk>/", own_api_views.book),
    path("report/", own_api_views.report),
]
