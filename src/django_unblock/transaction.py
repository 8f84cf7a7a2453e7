"""``aatomic``: Django's ``atomic`` for coroutines."""

from collections.abc import Awaitable, Callable
from functools import wraps
from types import TracebackType
from typing import overload

from django.db import DEFAULT_DB_ALIAS
from django.db.transaction import Atomic

from django_unblock import bridge


class AAtomic:
    """An ``atomic`` block entered and left without blocking the loop.

    A context manager for ``async with`` and a decorator for async functions. It may be used again
    and nested, as Django's may.
    """

    def __init__(self, using: str | None, savepoint: bool, durable: bool) -> None:
        self._arguments = (using, savepoint, durable)
        self._entered: list[Atomic] = []

    async def __aenter__(self) -> None:
        block = Atomic(*self._arguments)
        await bridge.run(block.__enter__)
        self._entered.append(block)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        block = self._entered.pop()
        await bridge.run(block.__exit__, kind, error, traceback)

    def __call__[**P, R](self, fn: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
        """Run every call of an async function in a block of its own."""

        @wraps(fn)
        async def inside(*args: P.args, **kwargs: P.kwargs) -> R:
            async with AAtomic(*self._arguments):
                return await fn(*args, **kwargs)

        return inside


@overload
def aatomic[**P, R](using: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]: ...
@overload
def aatomic(using: str | None = None, savepoint: bool = True, durable: bool = False) -> AAtomic: ...
def aatomic[**P, R](
    using: str | Callable[P, Awaitable[R]] | None = None,
    savepoint: bool = True,
    durable: bool = False,
) -> AAtomic | Callable[P, Awaitable[R]]:
    """Guarantee that an async block runs in a transaction, or not at all.

    The arguments and the meaning are those of ``django.db.transaction.atomic``: see
    https://docs.djangoproject.com/en/stable/topics/db/transactions/#django.db.transaction.atomic.
    ``async with aatomic(): ...``, ``@aatomic`` and ``@aatomic(using=...)``. Tasks started in the
    block are in the transaction and take turns on its connection; `gather` runs them in order.

    Raises:
        RuntimeError: ``durable`` in another atomic block.
    """
    if callable(using):
        return AAtomic(DEFAULT_DB_ALIAS, savepoint, durable)(using)
    return AAtomic(using, savepoint, durable)
