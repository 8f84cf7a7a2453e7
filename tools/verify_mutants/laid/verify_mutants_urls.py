"""The project's URLs, and behind them each mutated view at the URLs of the right one, below its mutant's name.

Laid into both trees. Only the new one has `verify_mutants/NAME.py`, the view's module with the mistake in it, which is
loaded as the module itself, so that its imports and loggers are those of the right one.
"""

import json
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from django.urls import path
from verify_mutants_settings import PROJECT_URLCONF

FOLDER = Path(__file__).parent / "verify_mutants"


def view_of(mutant):
    """The mutant's view, which in the old tree is the old view."""
    module, _, name = mutant["view"].rpartition(".")
    source = FOLDER / f"{mutant['name']}.py"
    if not source.exists():
        return getattr(import_module(module), name)
    spec = spec_from_file_location(module, source)
    mutated = module_from_spec(spec)
    spec.loader.exec_module(mutated)
    return getattr(mutated, name)


urlpatterns = [
    *import_module(PROJECT_URLCONF).urlpatterns,
    *(
        path(f"{mutant['name']}/{route}", view_of(mutant))
        for mutant in json.loads((FOLDER / "mutants.json").read_text())
        for route in mutant["routes"]
    ),
]
