"""Runs the old and the new code against the same world and reports every observable difference.

Three workers run side by side: the old code, the old code once more, and the new code, each in a process with a
database, a clock, randomness and caches that are alike. Where the old code differs from itself, the request says
nothing about the new code and is left out, by name.
"""

from unblocker.verify.databases import AnyDatabase, Database, DatabaseFile
from unblocker.verify.job import Code, Effort, OperationToReach, Trees, ViewToVerify, World
from unblocker.verify.run import verify

__all__ = [
    "AnyDatabase",
    "Code",
    "Database",
    "DatabaseFile",
    "Effort",
    "OperationToReach",
    "Trees",
    "ViewToVerify",
    "World",
    "verify",
]
