"""One route, to the view that an example brings."""

from django.urls import path
from shop import views

urlpatterns = [path("", views.view)] if hasattr(views, "view") else []
