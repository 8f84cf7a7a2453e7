"""The URLs of the lending desk."""

from django.urls import path

from lending import views

app_name = "lending"

urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("members/", views.members, name="members"),
    path("books/", views.book_list, name="books"),
    path("books.csv", views.export, name="export"),
    path("books/import/", views.import_books, name="import"),
    path("books/<int:pk>/", views.book_page, name="book"),
    path("books/<int:pk>/borrow/", views.borrow, name="borrow"),
    path("books/<int:pk>/tags/", views.set_tags, name="tags"),
    path("books/<int:pk>/cover/", views.upload_cover, name="cover"),
    path("books/<int:pk>/prices/", views.prices, name="prices"),
    path("books/<int:pk>/order/", views.order, name="order"),
    path("books/<int:pk>/remind/", views.remind, name="remind"),
    path("loans/<int:pk>/return/", views.give_back, name="return"),
    path("recent/", views.recent, name="recent"),
    path("theme/", views.theme, name="theme"),
]
