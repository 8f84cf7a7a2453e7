"""The mistakes that are known, one file each."""

from collections.abc import Iterator

from unblocker.explain.knowledge import (
    async_iteration,
    connection_lost,
    connections_exhausted,
    coroutine_as_value,
    executor_deadlock,
    greenlets,
    lazy_relation,
    lazy_request,
    never_awaited,
    no_async_form,
    no_running_loop,
    not_awaitable,
    orm_call,
    other_loop,
    other_thread,
    queryset_evaluated,
    shared_connection,
    template_queries,
    view_returned_coroutine,
    waiting_in_the_loop,
)
from unblocker.explain.knowledge.base import Entry, Example

ENTRIES: dict[str, Entry] = {
    module.__name__.rpartition(".")[2]: module.ENTRY
    for module in (
        orm_call, lazy_relation, queryset_evaluated, template_queries, lazy_request, no_async_form, never_awaited,
        not_awaitable, coroutine_as_value, view_returned_coroutine, async_iteration, no_running_loop,
        waiting_in_the_loop, other_loop, other_thread, executor_deadlock, connections_exhausted, shared_connection,
        connection_lost, greenlets,
    )
}  # fmt: skip
"""By the name of their file, in the order of their codes, in which they are asked."""


def examples() -> Iterator[tuple[str, Example]]:
    """Every example, with the name of its entry."""
    for name, entry in ENTRIES.items():
        for example in entry.examples:
            yield name, example
