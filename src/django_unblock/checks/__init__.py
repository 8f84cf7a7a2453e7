"""Django system checks: what in the project keeps the runtime from working, or makes it useless.

`manage.py check` runs them. Each says what to change; `SILENCED_SYSTEM_CHECKS` takes their ids.
"""

from django_unblock.checks import databases, middleware, serving

__all__ = ["databases", "middleware", "serving"]
