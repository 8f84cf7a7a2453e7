"""Work that waits for the running transaction's commit."""

from collections.abc import Callable
from typing import Any

from django.db import connections

from django_unblock.work import Work

type Start = Callable[[Work], None]


class Waiting:
    """Work that is started once its transaction is committed, and never if it is rolled back.

    A failure to start it is logged, so that the transaction's other hooks are still called.
    """

    def __init__(self, connection: Any, work: Work, start: Start) -> None:
        self._connection = connection
        self._work = work
        self._start: Start | None = start

    def __call__(self) -> None:
        """Start the work, unless it was started."""
        start, self._start = self._start, None
        if start is None:
            return
        try:
            after_commit(self._work, start)
        except Exception:  # noqa: BLE001  whatever a task backend raises
            self._work.log_failure()

    def release(self) -> None:
        """Start the work now, unless it was started or its transaction was rolled back."""
        if any(entry[1] is self for entry in self._connection.run_on_commit):
            self()


def after_commit(work: Work, start: Start) -> None:
    """Start the work when the transactions open here, of whatever databases, are committed.

    With none open, it is started at once. The transaction around a Django `TestCase`, which is
    never committed, does not count: inside a block of the test's own, the work waits for the end of
    the request instead, if the block was not rolled back, and without a request is started at once.
    """
    connection = _in_transaction()
    if connection is None or (_is_of_testcase(connection) and work.origin is None):
        start(work)
        return
    waiting = Waiting(connection, work, start)
    if work.origin is not None and _is_of_testcase(connection):
        work.origin.finishing.append(waiting.release)
    connection.on_commit(waiting)


def _in_transaction() -> Any | None:
    """The first connection, in use here, with a block open beside a TestCase's own."""
    for connection in connections.all(initialized_only=True):
        if not all(map(_is_testcase_block, connection.atomic_blocks)):
            return connection
    return None


def _is_of_testcase(connection: Any) -> bool:
    return any(map(_is_testcase_block, connection.atomic_blocks))


def _is_testcase_block(block: Any) -> bool:
    return bool(block._from_testcase)
