"""The last survey, kept with all that it rests on: while nothing of that has changed, it need not be made again."""

from unblocker.cache.surveys import Request, cached

__all__ = ["Request", "cached"]
