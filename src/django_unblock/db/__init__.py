"""Database engines whose queries do not block the event loop."""
