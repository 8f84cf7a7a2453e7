from django.contrib.auth.views import LoginView
from django.urls import path

from shop import views

urlpatterns = [
    path("login/", LoginView.as_view(), name="login"),
    path("product/<int:product_id>/", views.product_detail),
    path("dashboard/", views.user_dashboard),
    path("order/<int:order_id>/confirm/", views.order_confirmation),
]
