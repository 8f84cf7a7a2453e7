"""Python's import of the project's modules, with their source evaluated in place of being run."""

from __future__ import annotations

from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_file_location
from typing import TYPE_CHECKING

from unblocker.survey.static.statements import Body

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from unblocker.survey.sources import Sources
    from unblocker.survey.static.losses import Losses


class Finder(MetaPathFinder):
    """Finds the project's own modules, and no others."""

    def __init__(self, sources: Sources, losses: Losses) -> None:
        self._loader = _Loader(sources, losses)
        self._sources = sources

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's spec, with a loader that runs nothing; None where it is not the project's."""
        found = PathFinder.find_spec(fullname, path)
        if found is None or not found.origin or not self._sources.owns(found.origin):
            return None
        return spec_from_file_location(
            fullname,
            found.origin,
            loader=self._loader,
            submodule_search_locations=found.submodule_search_locations,
        )


class _Loader(Loader):
    def __init__(self, sources: Sources, losses: Losses) -> None:
        self._sources = sources
        self._losses = losses

    def exec_module(self, module: ModuleType) -> None:
        """Fill the module with what its source defines.

        Raises:
            ImportError: the file is not valid Python, which is on record.
        """
        file = str(module.__file__)
        source = self._sources.read(file)
        if source is None:
            raise ImportError(f"{file} can't be parsed", name=module.__name__, path=file)
        names = vars(module)
        Body(source, file, self._losses, names, names).run(source.tree.body)
