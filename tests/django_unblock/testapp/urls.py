from django.urls import path

from testapp import views

urlpatterns = [
    path("books/<int:pk>/", views.book, name="book"),
]
