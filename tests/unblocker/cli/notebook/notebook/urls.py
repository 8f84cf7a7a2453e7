from django.urls import path
from notes import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("share/", views.share, name="share"),
    path("about/", views.about, name="about"),
]
