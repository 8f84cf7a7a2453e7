import inspect

import views
from django.urls import path

urlpatterns = [
    path(f"{name}/", view)
    for name, view in vars(views).items()
    if inspect.isfunction(view) and view.__module__ == "views" and not name.startswith("_")
]
