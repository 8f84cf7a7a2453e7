"""The tests that must differ: each asserts the very thing that the runtime replaces."""

REASONS: dict[str, str] = {}
