"""What a worker notices that the project's own code notes for others: log records, and tasks to be done later."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from unblocker.verify.plain import plain
from unblocker.verify.protocol import Logged


class Notes:
    """Collects from the moment it is made; `clear` starts anew. Threads may add at the same time.

    A record counts if the line that logs it is in the project's tree: what Django, asyncio or the runtime log of the
    way in which a request is served is not the project's. Messages are not formatted, which may run any code.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self.logged: list[Logged] = []
        self.enqueued: list[str] = []
        self._make_record = logging.getLogRecordFactory()
        logging.setLogRecordFactory(self._on_record)
        _tell_of_tasks(self._on_task)

    def clear(self) -> None:
        """Forget everything collected so far."""
        self.logged = []
        self.enqueued = []

    def _on_record(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._make_record(*args, **kwargs)
        if self._is_own(record.pathname):
            self.logged.append(Logged(record.name, record.levelno, _text(record)))
        return record

    def _is_own(self, file: str) -> bool:
        path = Path(file)
        return path.is_relative_to(self._root) and "site-packages" not in path.parts

    def _on_task(self, *, task_result: Any, **_: object) -> None:
        task = task_result.task
        self.enqueued.append(
            f"{task.module_path} {plain(task_result.args)} {plain(task_result.kwargs)}"
        )


def _text(record: logging.LogRecord) -> str:
    arguments = record.args if isinstance(record.args, tuple) else (record.args,)
    told = [*map(plain, arguments or ())]
    if record.exc_info and record.exc_info[0]:
        told.append("with a traceback")
    return " | ".join((str(record.msg), *told))


def _tell_of_tasks(tell: Callable[..., None]) -> None:
    """Have `tell` called when a task is enqueued, where there are tasks: from Django 6.0 on."""
    try:
        from django.tasks.signals import task_enqueued
    except ImportError:
        return
    task_enqueued.connect(tell)
