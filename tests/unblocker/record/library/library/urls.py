from books import views
from django.urls import include, path

shelves = [path("<int:pk>/", views.Shelf.as_view(), name="shelf")]

urlpatterns = [
    path("", views.counts, name="counts"),
    path("page/", views.page, name="page"),
    path("shelves/", include((shelves, "shelves"))),
    path("waiting/", views.waiting, name="waiting"),
    path("pooled/", views.pooled, name="pooled"),
    path("threaded/", views.threaded, name="threaded"),
    path("archived/", views.archived, name="archived"),
    path("outward/", views.outward, name="outward"),
    path("add/", views.add, name="add"),
    path("broken/", views.broken, name="broken"),
    path("stuck/", views.stuck, name="stuck"),
    path("guarded/", views.guarded, name="guarded"),
]
