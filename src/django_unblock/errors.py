"""The runtime's own errors. Each message starts with a code that the documentation explains."""


class UnblockError(RuntimeError):
    """Base class of the errors that django-unblock raises at run time.

    Attributes:
        code: stable identifier such as ``R101``; the message starts with it.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class BridgeError(UnblockError):
    """Synchronous code tried to wait for the event loop where it cannot."""


class OwnershipError(UnblockError):
    """A database connection was used by a task that may not use it."""


class DurableError(UnblockError):
    """Background work can't be handed to a task backend."""
