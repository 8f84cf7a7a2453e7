from importlib import import_module
from pathlib import Path

from django.urls import include, path

FOLDER = Path(__file__).parent.parent / "shop" / "views"

urlpatterns = [
    path(f"{one.stem}/", include(import_module(f"shop.views.{one.stem}")))
    for one in sorted(FOLDER.glob("*.py"))
    if one.stem != "__init__"
]
