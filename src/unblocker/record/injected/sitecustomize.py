"""Starts the recorder in a Python process of the recorded command; then the `sitecustomize` that this one hides.

Every Python below the command runs this, also an old Python 3, also one without Django: it must do no harm in any.
"""
# ruff: noqa: PTH100, PTH118, PTH120, UP036

import contextlib
import importlib.machinery
import importlib.util
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
_AGENT = os.path.join(os.path.dirname(_HERE), "agent")


def _start() -> None:
    if sys.version_info < (3, 12):
        return
    spec = importlib.util.spec_from_file_location(
        "unblock_recorder", os.path.join(_AGENT, "__init__.py"), submodule_search_locations=[_AGENT]
    )
    if spec is not None and spec.loader is not None:
        package = importlib.util.module_from_spec(spec)
        sys.modules["unblock_recorder"] = package
        spec.loader.exec_module(package)
        package.start(os.environ)


def _step_aside() -> None:
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != _HERE]


def _chain() -> None:
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize")
    if spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


# Where it fails, the command runs unrecorded, and who started it sees that nothing came.
with contextlib.suppress(Exception):
    _start()
_step_aside()
_chain()
