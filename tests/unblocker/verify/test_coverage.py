"""What of the views' code requests are told to have reached."""

import shutil

import pytest

from unblocker.records.evidence import Evidence, ViewEvidence
from unblocker.records.traffic import Request
from unblocker.verify import Code, OperationToReach, Trees, ViewToVerify, verify

from .conftest import PROJECT, Shelf, adopt_runtime

VIEW = "views.partly_reached"
LINES = (PROJECT / "tried_views.py").read_text().splitlines()


def line_of(text: str, after: str = "def partly_reached") -> int:
    start = next(number for number, line in enumerate(LINES) if line.startswith(after))
    return next(number for number in range(start, len(LINES)) if text in LINES[number]) + 1


COUNT = OperationToReach(line_of("Book.objects"), line_of("Book.objects"), "Book.count")
ENTRIES = OperationToReach(line_of("Entry.objects"), line_of("Entry.objects"), "Entry.count")
CODE = (
    Code("views.py", "partly_reached", "partly_reached", (COUNT, ENTRIES)),
    Code("views.py", "_shelves", "_ashelves"),
)


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory, shelf: Shelf) -> Trees:
    folder = tmp_path_factory.mktemp("covered")
    for name, views in (("old", "tried_views.py"), ("new", "converted_tried_views.py")):
        shutil.copytree(shelf.trees.old, folder / name)
        shutil.copyfile(PROJECT / views, folder / name / "views.py")
    return adopt_runtime(Trees(folder / "old", folder / "new", "settings"), folder)


def evidence(trees: Trees, shelf: Shelf, *paths: str) -> Evidence:
    return verify(
        trees,
        tuple(Request("GET", path) for path in paths),
        shelf.databases,
        (ViewToVerify(VIEW, ("partly_reached/",), is_tried=True, code=CODE),),
        shelf.world,
        lambda _: None,
    )


@pytest.fixture(scope="module")
def view(trees: Trees, shelf: Shelf) -> ViewEvidence:
    return evidence(trees, shelf, "/partly_reached/").views[0]


def test_what_no_request_reached_is_told_on_both_sides(view: ViewEvidence) -> None:
    assert view.verdict == "same"
    assert view.coverage
    before, after = view.coverage.before, view.coverage.after
    assert (before.lines, before.lines_reached) == (11, 8)
    assert (before.branches, before.branches_reached) == (6, 4)
    assert (after.lines, after.lines_reached) == (11, 8)
    handler, branch = line_of("except ZeroDivisionError"), line_of("if number")
    assert before.missed == (
        f"views.py:{handler}-{handler + 1} (except ZeroDivisionError)",
        f"views.py:{ENTRIES.line - 1} (return HttpResponse()",
        f"views.py:{branch} to {branch + 2} (if number)",
    )


def test_operations_that_no_request_reached_are_noted(view: ViewEvidence) -> None:
    assert view.coverage
    assert view.coverage.operations == 2
    missed = f"views.py:{ENTRIES.line} (Entry.count)"
    assert view.coverage.operations_missed == (missed,)
    (note,) = view.notes
    assert note.code == "U753"
    assert note.text == f"1 of its 2 operations were reached by no request: {missed}"


def test_requests_reach_more_together(trees: Trees, shelf: Shelf) -> None:
    view = evidence(trees, shelf, "/partly_reached/", "/partly_reached/?all=1").views[0]
    assert view.coverage
    assert view.coverage.before.lines_reached == 9
    assert view.coverage.operations_missed == ()
    assert view.notes == ()


def test_a_view_that_no_request_reached_has_no_coverage(trees: Trees, shelf: Shelf) -> None:
    found = evidence(trees, shelf, "/right_counts/")
    assert found.views[0].verdict == "not exercised"
    assert [view.coverage for view in found.views] == [None, None]
