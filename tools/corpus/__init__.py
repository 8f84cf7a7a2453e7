"""Published Django apps, converted whole; their own test suites before and after."""
