"""Views that only a schedule, a fault or a client that leaves shows to be wrong; and right ones, which none accuses."""

import shutil

import pytest

from unblocker.records.evidence import ViewEvidence
from unblocker.records.traffic import Request
from unblocker.verify import Effort, Trees, ViewToVerify, verify

from .conftest import PROJECT, Shelf, adopt_runtime

EFFORT = Effort(schedules=12, faults=True, departures=4)
# The trial that shows what is wrong, and in which aspect.
WRONG = {
    "race": ("", "body"),  # which the first request may show already
    "wrong_error": ("database error at SELECT COUNT(*)", "status"),
    "swallowed_error": ("database error at INSERT", "status"),
    "unhandled_call": ("error answer at GET", "status"),
    "timeout_error": ("timeout at GET", "status"),
    "mail_error": ("a mail fails", "status"),
    "silenced_mail": ("a mail fails", "status"),
    "remembering": ("made once more", "body"),
    "half_done": ("the client leaves after", "tables"),
}
RIGHT = (
    "right_half_written",  # the runtime finishes it
    "right_counts",
    "right_handling",
    "right_call",
    "right_transaction",
    "right_cache",
    "right_reads_again",
    "right_patience",
    "right_session",
    "right_silence",
)


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory, shelf: Shelf) -> Trees:
    folder = tmp_path_factory.mktemp("tried")
    for name, views in (("old", "tried_views.py"), ("new", "converted_tried_views.py")):
        shutil.copytree(shelf.trees.old, folder / name)
        shutil.copyfile(PROJECT / views, folder / name / "views.py")
    return adopt_runtime(Trees(folder / "old", folder / "new", "settings"), folder)


@pytest.fixture(scope="module")
def by_view(trees: Trees, shelf: Shelf) -> dict[str, ViewEvidence]:
    names = (*WRONG, *RIGHT)
    found = verify(
        trees,
        tuple(
            Request("GET", f"/{name}/")
            for name in names
            for _ in range(1 if name == "remembering" else 2)
        ),
        shelf.databases,
        tuple(ViewToVerify(f"views.{name}", (f"{name}/",), is_tried=True) for name in names),
        shelf.world,
        lambda _: None,
        effort=EFFORT,
    )
    return {view.view.removeprefix("views."): view for view in found.views}


@pytest.mark.parametrize("name", WRONG)
def test_a_trial_shows_what_is_wrong(name: str, by_view: dict[str, ViewEvidence]) -> None:
    trial, aspect = WRONG[name]
    view = by_view[name]
    shown = {difference.aspect: difference.trial for difference in view.differences}
    assert view.verdict == "differs"
    assert aspect in shown
    assert trial in shown[aspect]


@pytest.mark.parametrize("name", RIGHT)
def test_no_trial_accuses_a_right_conversion(name: str, by_view: dict[str, ViewEvidence]) -> None:
    view = by_view[name]
    assert view.differences == ()
    assert view.verdict == "same"
    assert view.trials.schedules in (EFFORT.schedules, 2 * EFFORT.schedules)
    assert view.trials.faults > 0


def test_a_call_without_a_timeout_is_noted(by_view: dict[str, ViewEvidence]) -> None:
    codes = {name: {note.code for note in view.notes} for name, view in by_view.items()}
    assert "U756" in codes["right_patience"]
    assert not any("U756" in codes[name] for name in ("right_call", "right_session"))


def test_a_view_that_is_unsteady_only_the_second_time_does_not_spoil_the_next_request(
    trees: Trees, shelf: Shelf
) -> None:
    names = ("right_at_first", "right_afterwards")
    found = verify(
        trees,
        tuple(Request("GET", f"/{name}/") for name in names),
        shelf.databases,
        tuple(ViewToVerify(f"views.{name}", (f"{name}/",), is_tried=True) for name in names),
        shelf.world,
        lambda _: None,
        effort=EFFORT,
    )
    assert [(view.verdict, view.exclusions) for view in found.views] == [("same", ())] * 2
    assert found.views[0].trials.schedules == 0
