"""Mail as a task of Django Tasks. Imported only where Tasks are installed."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django_unblock import mail

_tasks = import_module("django.tasks" if find_spec("django.tasks") else "django_tasks")


@_tasks.task  # type: ignore[untyped-decorator]  # one of two modules
def send(function: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Call that one of `django.core.mail`'s functions, as a worker does.

    Raises:
        KeyError: it is not one of those that send mail.
    """
    {known.__name__: known for known in mail.FUNCTIONS}[function](*args, **kwargs)
