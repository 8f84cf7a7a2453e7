"""What the locals of one view's code hold, told in words: the reasons for what the survey says of the view.

The survey itself keeps no such notes. They are taken by reading only that view, and what it calls, once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from unblocker.survey.database_guard import no_connections
from unblocker.survey.notes import Notes
from unblocker.survey.project import load_project
from unblocker.survey.survey import open_world
from unblocker.survey.urls import find_views
from unblocker.survey.view_reading import read_view

if TYPE_CHECKING:
    from pathlib import Path

    from unblocker.records.account import TypeFact


def type_facts(root: Path, settings: str | None, view: str) -> tuple[TypeFact, ...]:
    """What the locals of the view and of the functions that it calls hold, by place; `view` is a `View.id`.

    Raises:
        UnblockError: the project can't be loaded (see `load_project`).
    """
    loaded = load_project(root, settings)
    world = open_world(loaded)
    with no_connections(loaded.sources):
        for one in find_views(world, loaded.resolver):
            if one.view.id == view:
                read_view(world, one)
        world.settle()
        world.notes = Notes()
        for summary in list(world.summaries.values()):
            if not summary.code.is_library:
                world.reader(world, summary)
    return world.notes.facts()
