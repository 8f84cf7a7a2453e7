"""Threads that a view starts, and pools that it hands work to: they have contexts of their own, and work for it."""

from collections.abc import Callable
from concurrent.futures import Future
from types import ModuleType
from typing import Any

from .current import ON_THREAD, request_here, working_for


def watch_threads(threading: ModuleType) -> None:
    """Mark each thread with the request that starts it."""
    start = threading.Thread.start

    def marked(self: Any) -> None:
        request = request_here()
        if request is not None and getattr(self._target, "__module__", "") not in _POOLS:
            setattr(self, ON_THREAD, request)
        start(self)

    threading.Thread.start = marked


_POOLS = frozenset({"concurrent.futures.thread"})
"""Whose threads serve whoever comes."""


def watch_pools(module: ModuleType) -> None:
    """Have what is handed to a pool of threads work for the request that hands it over."""
    submit = module.ThreadPoolExecutor.submit

    def carried(self: Any, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        request = request_here()
        if request is None:
            return submit(self, fn, *args, **kwargs)  # type: ignore[no-any-return]

        def work() -> Any:
            with working_for(request):
                return fn(*args, **kwargs)

        return submit(self, work)  # type: ignore[no-any-return]

    module.ThreadPoolExecutor.submit = carried
