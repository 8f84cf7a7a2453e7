"""Background work that outlives the process: handed to a task backend, and done by its worker.

The backend is the project's `TASKS` setting: https://docs.djangoproject.com/en/stable/topics/tasks/.
On Django 5.2 Tasks come with the package django-tasks.
"""

import json
from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Any

from django_unblock import bridge, mail
from django_unblock.errors import DurableError
from django_unblock.work import name_of


def storing(
    fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> partial[None]:
    """The call that hands this one to the task backend. `fn` is a task, or sends mail.

    Raises:
        DurableError: `fn` is neither (R401), an argument is not JSON (R402) or Django Tasks are not
            installed (R403).
    """
    task, name = fn, name_of(function_of(fn))
    if not _is_task(fn):
        sent = mail.snapshot(partial(fn, *args, **kwargs))
        if sent is None or sent.func not in mail.FUNCTIONS:
            raise DurableError(
                "R401",
                f"background(durable=True) takes a task, and {name} is none. Decorate a function at "
                "the top of a module with @task of django.tasks (Django 5.2: of django_tasks).",
            )
        task, args, kwargs = _mail_task(), (sent.func.__name__, sent.args, sent.keywords), {}
    args, kwargs = _as_json(name, args, kwargs)
    return partial(_enqueuing(task), *args, **kwargs)


def function_of(fn: Callable[..., Any]) -> Callable[..., Any]:
    """What a task calls; of anything else, itself."""
    called: Callable[..., Any] = getattr(fn, "func", fn) if _is_task(fn) else fn
    return called


def _is_task(fn: Any) -> bool:
    return hasattr(fn, "aenqueue")


def _enqueuing(task: Any) -> Callable[..., None]:
    @wraps(task.func)
    def enqueue(*args: Any, **kwargs: Any) -> None:
        if bridge.inside():
            bridge.wait(task.aenqueue(*args, **kwargs))
        else:
            task.enqueue(*args, **kwargs)

    return enqueue


def _as_json(name: str, *arguments: Any) -> Any:
    """The arguments as the worker will get them."""
    try:
        return json.loads(json.dumps(arguments, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise DurableError(
            "R402",
            f"an argument for {name} is not JSON: {error}. Pass a primary key instead of an "
            "object, and text instead of a date or a number of another type.",
        ) from None


def _mail_task() -> Any:
    try:
        from django_unblock.durable_mail import send
    except ModuleNotFoundError as error:
        said = f"{error.name} is not installed, which Django 5.2 needs: pip install django-tasks"
        raise DurableError("R403", said) from None
    return send
