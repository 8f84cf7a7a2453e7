"""Where connections come from, and when there are none any more."""

import asyncio
import threading

from testapp.models import Author

from django_unblock import offload
from django_unblock.errors import OwnershipError


def test_a_thread_that_outlives_its_loop_is_told_so() -> None:
    started, ended, told = threading.Event(), threading.Event(), threading.Event()
    errors: list[Exception] = []

    def late() -> None:
        started.set()
        ended.wait(10)
        try:
            Author.objects.count()
        except Exception as error:
            errors.append(error)
        told.set()

    async def main() -> None:
        task = asyncio.create_task(offload(late)())
        await asyncio.to_thread(started.wait, 10)
        task.cancel()

    asyncio.run(main())
    ended.set()
    assert told.wait(10)
    (error,) = errors
    assert isinstance(error, OwnershipError)
    assert error.code == "R204"
