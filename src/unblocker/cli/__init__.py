"""The command line: the only place that strings the stages together.

Exit status: 0 done, 1 findings or differences, 2 cannot run (one error that names the thing), 130 interrupted.
"""

from unblocker.cli.main import main

__all__ = ["main"]
