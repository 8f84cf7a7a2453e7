"""Python's garbage collector, set for a server that holds many requests at once.

The stock thresholds look for cycles every 700 allocations and, ever again, through everything the project has imported.
With fifty requests under way that was a tenth to a quarter of all CPU time. When a server starts, what is there by then
is put aside (`gc.freeze`), and the youngest generation may grow larger. `UNBLOCK = {"TUNE_GC": False}` leaves it alone.
"""

import gc

from django_unblock import conf, lifespan

YOUNG_OBJECTS = 20_000


@lifespan.on_startup
async def tune() -> None:
    """Put aside what exists, and collect less often; a larger threshold of the project's own stays."""
    if not conf.current().TUNE_GC:
        return
    gc.collect()
    gc.freeze()
    young, *older = gc.get_threshold()
    if 0 < young < YOUNG_OBJECTS:
        gc.set_threshold(YOUNG_OBJECTS, *older)
