from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("account/", views.account_dashboard, name="dashboard"),
    path("account/profile/", views.edit_profile, name="edit-profile"),
    path("dashboard/", views.user_dashboard, name="user-dashboard"),
]
