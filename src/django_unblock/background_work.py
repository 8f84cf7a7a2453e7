"""Work off the response's path: `background(fn, ...)`.

Where and when the call is made:

* under ASGI, in a task of the server's loop: a synchronous function in the bridge, mail in a worker
  thread, a coroutine function as it is. Shutdown waits for it (`UNBLOCK["DRAIN_SECONDS"]`);
* under WSGI and the synchronous test client, in the request's thread when the response has been
  sent (`request_finished`), in order;
* on another loop, in a task of that loop, which finishes it before it ends;
* in plain synchronous code (a command, the shell), at once.

Both of Django's test clients return when the work that the request started is done.

In a transaction it waits for the commit, and is dropped by a rollback.

With `durable=True` it is stored before `background` returns and done by a worker, which may be another
process: see `django_unblock.durable`.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from django_unblock import bridge, jobs, lifespan, mail, origin
from django_unblock.commits import after_commit
from django_unblock.durable import function_of, storing
from django_unblock.jobs import drain
from django_unblock.loops import Loop, running_loop
from django_unblock.work import Work

__all__ = ["background", "drain"]


def background(fn: Callable[..., Any], /, *args: Any, durable: bool = False, **kwargs: Any) -> None:
    """Call `fn` after this, so that nothing here waits for it; see the module for where and when.

    `fn` is a function, a coroutine function or a task of Django's; its arguments and the context
    variables are taken now. A failure is logged on `django_unblock.background`, with the name of
    `fn` and the path of the request, and goes no further. Callable from synchronous and
    asynchronous code.

    With `durable`, `fn` is a task or one of `django.core.mail`'s functions, its arguments are JSON,
    and the call is handed to the project's task backend, here or after the commit. A failure to do
    so is raised here. After a commit, or in a coroutine outside of the bridge, it is logged.

    Raises:
        DurableError: the call can't be stored (R401, R402) or Django Tasks is missing (R403).
    """
    request = origin.current()
    origin.note_change()
    if durable:
        after_commit(Work(storing(fn, args, kwargs), request), _store)
        return
    call = partial(function_of(fn), *args, **kwargs)
    sent = mail.snapshot(call)
    work = Work(sent or call, request, in_thread=sent is not None)
    after_commit(work, partial(_start, _loop(request)))


def _loop(request: origin.Origin | None) -> Loop | None:
    """The loop to make the call on; None: there is none that outlives the response."""
    if request is not None:
        return request.loop
    return running_loop()


def _store(work: Work) -> None:
    """Hand the call to the task backend: here if this code may wait, else in a job."""
    loop = running_loop()
    if loop is None or bridge.inside():
        work.call()
    else:
        _start_on(loop, work)


def _start(loop: Loop | None, work: Work) -> None:
    if work.in_thread and mail.is_kept_in_memory():
        work.run_here()
    elif loop is not None and not loop.is_closed():
        _start_on(loop, work)
    elif work.origin is not None and work.origin.loop is None:
        work.origin.finishing.append(work.run_here)
    else:
        work.run_here()


def _start_on(loop: Loop, work: Work) -> None:
    if work.origin is not None and work.origin.is_test:
        work.origin.finishing.append(lambda: _wait_beside(loop))
    if running_loop() is loop:
        jobs.start(work)
    else:
        loop.call_soon_threadsafe(jobs.start, work)


def _wait_beside(loop: Loop) -> None:
    """Wait for the loop's work, in the thread where AsyncClient ends a request."""
    if running_loop() is None:
        asyncio.run_coroutine_threadsafe(drain(), loop).result()


lifespan.on_shutdown(drain)
lifespan.before_loop_ends(jobs.finish)
