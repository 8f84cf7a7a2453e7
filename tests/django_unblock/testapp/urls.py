from django.urls import path

from testapp import views

urlpatterns = [
    path("books/<int:pk>/", views.book, name="book"),
    path("sync-books/<int:pk>/", views.sync_book),
    path("counts/", views.counts),
    path("class/", views.Counts.as_view()),
    path("me/", views.me),
    path("private/", views.private),
    path("visits/", views.visits),
    path("create/", views.create),
    path("everywhere/", views.everywhere),
    path("slow/", views.slow),
    path("stream/", views.stream),
    path("astream/", views.astream),
    path("download/", views.download),
    path("broken/", views.broken),
    path("half-done/", views.half_done),
    path("sync-half-done/", views.sync_half_done),
    path("done/", views.done),
]
