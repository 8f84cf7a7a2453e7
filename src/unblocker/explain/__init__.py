"""`django-unblock explain`: from a traceback to the expression at fault, why it is one, and what to do."""

from unblocker.explain.explaining import explain

__all__ = ["explain"]
