"""The rewrite: from a plan and the source to a changeset; applying it, undoing it, showing it."""

from unblocker.rewrite.stage import rewrite

__all__ = ["rewrite"]
