"""The tests that must differ: each asserts the very thing that the runtime, or running on its loop, replaces."""

_LOOP_OF_ITS_OWN = "Calls `asyncio.run`, which Python refuses in a thread whose loop is running."
_HEALTH_CHECKS = (
    "Replaces `is_usable` to see when a wrapper checks the connection it has kept; on the loop it keeps none, "
    "and the pool checks each before it lends it."
)

REASONS = {
    "async.tests.DatabaseConnectionTest.test_get_async_connection": (
        "Asserts that a query in a coroutine raises SynchronousOnlyOperation."
    ),
    "async.tests.ViewTests.test_http_method_not_allowed_responds_correctly": _LOOP_OF_ITS_OWN,
    "async.tests.ViewTests.test_options_handler_responds_correctly": _LOOP_OF_ITS_OWN,
    "backends.base.test_base.ConnectionHealthChecksTests.test_health_checks_enabled": _HEALTH_CHECKS,
    "backends.base.test_base.ConnectionHealthChecksTests.test_set_autocommit_health_checks_enabled": (
        _HEALTH_CHECKS
    ),
}
