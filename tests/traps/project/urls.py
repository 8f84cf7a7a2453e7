"""Each trap at `<its module>/<its name>/<pk>/`: what has requests in its docstring is one."""

import inspect
from importlib import import_module
from pathlib import Path

from django.urls import path
from django.views import View


def routed(module):
    for name, made in vars(module).items():
        if "asks: " in (made.__doc__ or "") and made.__module__ == module.__name__:
            yield name, made


def view_of(made):
    """What a trap is served by: a function, a class based on `View`, or an instance of any other class."""
    if not inspect.isclass(made):
        return made
    return made.as_view() if issubclass(made, View) else made()


names = sorted(file.stem for file in (Path(__file__).parent / "traps").glob("[a-z]*.py"))
urlpatterns = [
    path(f"{module}/{name}/<int:pk>/", view_of(made), name=f"{module}_{name}")
    for module in names
    for name, made in routed(import_module(f"traps.{module}"))
]
