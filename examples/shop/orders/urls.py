from django.urls import path

from . import views

app_name = "orders"

urlpatterns = [
    path("cart/", views.cart, name="cart"),
    path("checkout/", views.checkout, name="checkout"),
    path("orders/<int:order_id>/confirm/", views.order_confirmation, name="confirmation"),
    path("orders/<int:order_id>/tracking/", views.order_tracking, name="tracking"),
]
