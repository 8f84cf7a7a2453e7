"""The tests that must differ: each asserts the very thing that the runtime, or running on its loop, replaces."""

_LOOP_OF_ITS_OWN = "Calls `asyncio.run`, which Python refuses in a thread whose loop is running."
_HEALTH_CHECKS = (
    "Replaces `is_usable` to see when a wrapper checks the connection it has kept; on the loop it keeps none, "
    "and the pool checks each before it lends it."
)

REASONS = {
    "admin_scripts.tests.ManageRunserver.test_no_database": (
        "Queries Django's dummy backend, which says on a running loop that it is asynchronous before it says that "
        "there is no database. With an engine other than ours that is right: its queries would block the loop."
    ),
    "async.tests.DatabaseConnectionTest.test_get_async_connection": (
        "Asserts that a query in a coroutine raises SynchronousOnlyOperation."
    ),
    "async.tests.ViewTests.test_http_method_not_allowed_responds_correctly": _LOOP_OF_ITS_OWN,
    "async.tests.ViewTests.test_options_handler_responds_correctly": _LOOP_OF_ITS_OWN,
    "backends.base.test_base.ConnectionHealthChecksTests.test_health_checks_enabled": _HEALTH_CHECKS,
    "backends.base.test_base.ConnectionHealthChecksTests.test_set_autocommit_health_checks_enabled": (
        _HEALTH_CHECKS
    ),
    "deprecation.test_middleware_mixin.MiddlewareMixinTests.test_sync_to_async_uses_base_thread_and_connection": (
        "Asserts that thread-sensitive work, called from synchronous code, runs in that code's thread. If that is the "
        "loop's, it would block it: it has a worker thread, on the connection and in the transaction of the caller."
    ),
}
