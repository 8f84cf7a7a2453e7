from django.urls import path

from . import views

app_name = "media_library"

urlpatterns = [
    path("", views.document_list, name="list"),
    path("upload/", views.upload_document, name="upload"),
    path("thumbnail/", views.thumbnail, name="thumbnail"),
]
