from django.urls import path

from . import views

app_name = "catalog"

urlpatterns = [
    path("", views.product_list, name="product-list"),
    path("overview/", views.overview, name="overview"),
    path("products/<int:product_id>/", views.product_detail, name="product-detail"),
    path("products/<int:product_id>/reviews/", views.add_review, name="add-review"),
    path("products/<int:product_id>/prices/", views.price_comparison, name="price-comparison"),
    path("categories/", views.CategoryList.as_view(), name="category-list"),
    path("categories/new/", views.CategoryCreate.as_view(), name="category-create"),
    path("categories/<int:pk>/edit/", views.CategoryUpdate.as_view(), name="category-update"),
    path("categories/<int:pk>/delete/", views.CategoryDelete.as_view(), name="category-delete"),
]
