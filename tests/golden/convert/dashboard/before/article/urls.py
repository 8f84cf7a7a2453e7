from django.contrib.auth.views import LoginView
from django.urls import path

from shop import views

urlpatterns = [
    path("login/", LoginView.as_view(), name="login"),
    path("product/<int:product_id>/", views.product_detail),
    path("dashboard/", views.user_dashboard),
    path("first/<int:pk>/", views.guard_first),
    path("last/<int:pk>/", views.guard_last),
    path("noisy/", views.noisy),
    path("helper/", views.by_helper),
]
