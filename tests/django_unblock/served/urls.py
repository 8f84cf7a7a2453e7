from django.urls import path

from served import views

urlpatterns = [
    path("page/", views.page),
    path("stream/", views.stream),
    path("astream/", views.astream),
    path("go/", views.go),
    path("upload/", views.upload),
    path("slow/", views.slow),
    path("started/", views.started),
    path("job/", views.job),
]
