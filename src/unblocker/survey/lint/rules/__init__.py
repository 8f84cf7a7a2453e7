"""The rules: one file each."""

from unblocker.survey.lint.rule import Rule
from unblocker.survey.lint.rules import (
    async_for_sync,
    atomic,
    atomic_requests,
    auth_mixin,
    awaited_in_vain,
    blocking_call,
    conn_max_age,
    lazy_in_thread,
    lazy_relation,
    lost_task,
    needless_thread,
    nested_loop,
    never_awaited,
    no_async_form,
    no_such_name,
    other_thread,
    rendering,
    request_user,
    session,
    sync_decorator,
    sync_helper,
    sync_middleware,
    sync_query,
    sync_stream,
    unread_queryset,
    vain_gather,
)

RULES: tuple[Rule, ...] = tuple(
    module.RULE
    for module in (
        sync_query, unread_queryset, lazy_relation, request_user, rendering, no_async_form, atomic, blocking_call,
        sync_helper, never_awaited, awaited_in_vain, no_such_name, lost_task, vain_gather, needless_thread,
        lazy_in_thread, other_thread, sync_middleware, atomic_requests, conn_max_age, sync_stream, async_for_sync,
        nested_loop, sync_decorator, auth_mixin, session,
    )
)  # fmt: skip
