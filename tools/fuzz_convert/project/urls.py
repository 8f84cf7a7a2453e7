import inspect

import views
from django.urls import path

urlpatterns = [
    path(f"{name}/<int:pk>/", view, name=name)
    for name, view in vars(views).items()
    if inspect.isfunction(view) and name.startswith("view_")
]
