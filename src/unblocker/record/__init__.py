"""Recording: a command of the project, run with a recorder in every Python process below it, and what it saw."""

from unblocker.record.stage import Recorder

__all__ = ["Recorder"]
