"""What the running loop's pool counts."""

import asyncio

from django_unblock.db import pools


def counts() -> dict[str, int]:
    """The connections lent, and the borrowers waiting; zeros before the first query."""
    pool = pools.find(asyncio.get_running_loop(), "default")
    if pool is None:
        return {"lent": 0, "waiting": 0}
    waiting = pool._pool.get_stats().get("requests_waiting", 0)
    return {"lent": len(pool._loans), "waiting": waiting}
