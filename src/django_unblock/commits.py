"""Calls that wait for the running transaction's commit."""

from collections.abc import Callable
from typing import Any

from django.db import connections

from django_unblock.origin import Origin


class Waiting:
    """A call that is made once its transaction is committed, and never if it is rolled back."""

    def __init__(self, connection: Any, call: Callable[[], None]) -> None:
        self._connection = connection
        self._call: Callable[[], None] | None = call

    def __call__(self) -> None:
        """Make the call, unless it was made."""
        call, self._call = self._call, None
        if call is not None:
            call()

    def release(self) -> None:
        """Make the call now, unless it was made or its transaction was rolled back."""
        if any(entry[1] is self for entry in self._connection.run_on_commit):
            self()


def after_commit(call: Callable[[], None], origin: Origin | None) -> None:
    """Make the call when the transactions open here, of whatever databases, are committed.

    With none open, it is made at once. The transaction around a Django `TestCase`, which is never
    committed, does not count: inside a block of the test's own, the call waits for the end of the
    request instead, if the block was not rolled back, and without a request is made at once.
    """
    connection = _in_transaction()
    if connection is None:
        call()
        return
    waiting = Waiting(connection, lambda: after_commit(call, origin))
    if _is_of_testcase(connection):
        if origin is None:
            call()
            return
        origin.finishing.append(waiting.release)
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
