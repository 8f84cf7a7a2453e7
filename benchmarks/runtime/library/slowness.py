"""How slow the slow view is."""

SECONDS = 0.05  # of each of its queries
ONE_BY_ONE = 3 * SECONDS
CRITICAL_PATH = 2 * SECONDS  # one query, then two at the same time
