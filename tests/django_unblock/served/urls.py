from django.urls import path

from served import views

urlpatterns = [
    path("page/", views.page),
    path("ending-with/<str:name>/", views.ending_with),
    path("stream/", views.stream),
    path("astream/", views.astream),
    path("go/", views.go),
    path("upload/", views.upload),
    path("slow/", views.slow),
    path("started/", views.started),
    path("job/", views.job),
]
