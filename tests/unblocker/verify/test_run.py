"""One run over the small project: every wrong conversion is caught in the right view and aspect, no right one is."""

from dataclasses import replace

import psycopg
import pytest

from unblocker.errors import UnblockError
from unblocker.records.evidence import Evidence, ViewEvidence
from unblocker.records.places import Place
from unblocker.records.plan import Accepted
from unblocker.records.traffic import Request, Upload
from unblocker.verify import Trees, ViewToVerify, verify

from .conftest import Shelf, adopt_runtime

# The aspects that must differ; others may follow from them.
WRONG = {
    "guard": {"reads"},
    "mail": {"mail"},
    "mail_text": {"mail"},
    "write_order": {"writes"},
    "write_lost": {"writes", "tables", "sequences"},
    "row": {"writes", "tables"},
    "in_transaction": {"writes"},
    "rolled_back": {"writes", "sequences"},
    "status": {"status"},
    "missing": {"status", "body", "reads", "templates"},
    "one_query": {"reads"},
    "two_queries": {"reads"},
    "swallowed": {"exception", "status", "body"},
    "other_exception": {"exception"},
    "queryset": {"context"},
    "order": {"body", "reads"},
    "template": {"templates"},
    "header": {"headers"},
    "cookie": {"cookies"},
    "body": {"body"},
    "redirection": {"redirect"},
    "call_lost": {"outbound", "body"},
    "call_order": {"outbound"},
    "upload": {"files"},
    "cache_key": {"cache"},
    "cache_lost": {"cache"},
    "log_level": {"logs"},
    "task": {"tasks"},
    "signal": {"signals"},
    "session": {"headers", "cookies", "tables", "writes", "reads"},
}
RIGHT = (
    "same_rows",
    "same_tokens",
    "same_json",
    "same_calls",
    "same_upload",
    "same_failure",
    "same_transaction",
    "same_cache",
    "same_logs",
    "same_task",
    "same_signal",
    "blocked",
)
ACCEPTED = Accepted("U501", "mail is sent after the response", Place("views.py", 1, 0, 1, 1))


def request_of(name: str, user: str | None = None) -> Request:
    return Request("GET", f"/{name}/", user)


TRAFFIC = (
    *(request_of(name) for name in WRONG),
    request_of("guard", "anna"),
    *(request_of(name, user) for name in RIGHT for user in (None, "anna") if name != "same_upload"),
    Request("POST", "/same_upload/", "ben", files={"file": Upload("x.txt", b"\0\1", "text/plain")}),
    request_of("process_id"),
    request_of("process_id", "anna"),
    Request("GET", "/no-such-page/"),
)


@pytest.fixture(scope="module", params=["stock", "runtime"])
def evidence(
    shelf: Shelf, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Evidence:
    trees = shelf.trees
    if request.param == "runtime":
        trees = adopt_runtime(trees, tmp_path_factory.mktemp("shelf"))
    names = (*WRONG, *RIGHT, "process_id", "untouched")
    views = tuple(ViewToVerify(f"views.{name}", (f"{name}/",)) for name in names)
    views = (replace(views[0], accepted=(ACCEPTED,)), *views[1:])
    return verify(trees, TRAFFIC, shelf.databases, views, shelf.world, lambda _: None)


@pytest.fixture(scope="module")
def by_view(evidence: Evidence) -> dict[str, ViewEvidence]:
    return {view.view.removeprefix("views."): view for view in evidence.views}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_conversion_is_caught(name: str, by_view: dict[str, ViewEvidence]) -> None:
    view = by_view[name]
    assert view.verdict == "differs"
    assert {difference.aspect for difference in view.differences} == WRONG[name]


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_conversion_is_not_accused(name: str, by_view: dict[str, ViewEvidence]) -> None:
    view = by_view[name]
    assert view.differences == ()
    assert view.exclusions == ()
    assert view.verdict == "same"


def test_requests_are_counted(by_view: dict[str, ViewEvidence]) -> None:
    view = by_view["guard"]
    assert (view.requests, view.methods) == (2, {"GET": 2})
    assert view.statuses == {"403": 1, "200": 1}
    assert view.users == {"anonymous": 1, "anna": 1}


def test_the_smallest_request_shows_a_difference(by_view: dict[str, ViewEvidence]) -> None:
    (difference,) = by_view["guard"].differences
    assert difference.request == request_of("guard")
    assert (difference.code, difference.requests) == ("U709", 1)
    assert difference.before == ""
    assert 'FROM "shelf_book"' in difference.after


def test_excerpts_show_what_differs(by_view: dict[str, ViewEvidence]) -> None:
    (rows,) = (each for each in by_view["row"].differences if each.aspect == "tables")
    assert '"copies": 7' in rows.before
    assert '"copies": 8' in rows.after
    (mail,) = by_view["mail_text"].differences
    assert (mail.before, mail.after) == ("text/plain: The body", "text/plain: Another body")


def test_accepted_changes_are_listed(by_view: dict[str, ViewEvidence]) -> None:
    assert by_view["guard"].accepted == (ACCEPTED,)


def test_a_view_that_differs_from_itself_is_named(by_view: dict[str, ViewEvidence]) -> None:
    view = by_view["process_id"]
    assert view.verdict == "not deterministic"
    assert {exclusion.kind for exclusion in view.exclusions} == {"not deterministic"}
    assert view.exclusions[0].code == "U754"
    assert "body" in view.exclusions[0].text
    assert view.requests == 0


def test_a_view_that_no_request_reaches_is_not_called_same(
    by_view: dict[str, ViewEvidence],
) -> None:
    assert by_view["untouched"].verdict == "not exercised"


def test_requests_without_a_view_are_compared_too(by_view: dict[str, ViewEvidence]) -> None:
    assert by_view["(no view)"].verdict == "same"
    assert by_view["(no view)"].statuses == {"404": 1}


def test_reads_begun_before_a_failure_are_told(by_view: dict[str, ViewEvidence]) -> None:
    assert [note.code for note in by_view["same_failure"].notes] == ["U750"]


def test_calls_that_leave_the_machine_are_refused_and_told(
    by_view: dict[str, ViewEvidence],
) -> None:
    (note,) = by_view["blocked"].notes
    assert note.code == "U751"
    assert "example.com" in note.text


def test_what_was_compared_is_told(evidence: Evidence) -> None:
    assert evidence.requests == len(TRAFFIC)
    assert evidence.tables > 8
    assert {"reads", "writes", "tables", "mail", "outbound"} <= set(evidence.compared)


def test_requests_are_made_up_where_there_are_none(shelf: Shelf) -> None:
    views = tuple(ViewToVerify(f"views.{name}", (f"{name}/",)) for name in ("status", "same_json"))
    evidence = verify(
        shelf.trees, (), shelf.databases, views, shelf.world, lambda _: None, generated=8
    )
    assert [view.verdict for view in evidence.views] == ["differs", "same"]
    assert [view.requests for view in evidence.views] == [8, 8]
    assert evidence.views[1].users.keys() == {"anonymous", "anna", "clara"}
    assert {"GET", "HEAD", "POST"} <= evidence.views[1].methods.keys()


def test_a_hung_or_dead_view_is_a_difference(shelf: Shelf) -> None:
    traffic = (
        *(request_of("hangs") for _ in range(3)),
        request_of("dies"),
        request_of("same_tokens"),
    )
    world = replace(shelf.world, timeout_s=3.0)
    evidence = verify(shelf.trees, traffic, shelf.databases, (), world, lambda _: None)
    hangs, dies, alive = evidence.views
    assert [(each.aspect, each.requests) for each in hangs.differences] == [("answer", 2)]
    assert [(each.kind, each.requests) for each in hangs.exclusions] == [("stopped", 1)]
    assert [each.aspect for each in dies.differences] == ["answer"]
    assert "status 3" in dies.differences[0].after
    assert alive.verdict == "same"


def error_of(shelf: Shelf, **changes: object) -> UnblockError:
    arguments = {
        "trees": shelf.trees,
        "traffic": (request_of("body"),),
        "databases": shelf.databases,
        "views": (),
        "world": shelf.world,
        "progress": lambda _: None,
    }
    with pytest.raises(UnblockError) as caught:
        verify(**{**arguments, **changes})  # type: ignore[arg-type]  # the test's own changes
    return caught.value


def test_no_traffic_is_an_error(shelf: Shelf) -> None:
    assert error_of(shelf, traffic=()).code == "U056"


def test_an_unknown_user_is_named_before_anything_runs(shelf: Shelf) -> None:
    error = error_of(shelf, traffic=(request_of("body", "nobody"), request_of("body", "anna")))
    assert error.code == "U054"
    assert error.text.endswith("who do not exist: nobody")


def test_a_database_that_cannot_be_cloned_is_named(shelf: Shelf) -> None:
    wrong = (replace(shelf.databases[0], name="no_such_database"),)
    error = error_of(shelf, databases=wrong)
    assert error.code == "U053"
    assert "no_such_database" in error.text


def test_a_tree_that_does_not_start_is_named_with_its_own_error(
    shelf: Shelf, tmp_path: object
) -> None:
    broken = replace(shelf.trees, settings="no_such_settings")
    error = error_of(shelf, trees=broken)
    assert error.code == "U052"
    assert "No module named 'no_such_settings'" in error.text


def test_old_code_that_dies_is_an_error(shelf: Shelf) -> None:
    swapped = Trees(shelf.trees.new, shelf.trees.old, shelf.trees.settings)
    error = error_of(shelf, trees=swapped, traffic=(request_of("dies"),))
    assert error.code == "U055"
    assert "status 3" in error.text


def test_old_code_that_hangs_says_nothing_about_the_new(shelf: Shelf) -> None:
    swapped = Trees(shelf.trees.new, shelf.trees.old, shelf.trees.settings)
    world = replace(shelf.world, timeout_s=3.0)
    found = verify(swapped, (request_of("hangs"),), shelf.databases, (), world, lambda _: None)
    (view,) = found.views
    assert view.verdict == "not exercised"
    assert [(each.code, each.kind) for each in view.exclusions] == [("U755", "no answer")]
    assert not found.has_compared


def test_who_may_not_clone_is_told_so(shelf: Shelf) -> None:
    database = shelf.databases[0]
    with psycopg.connect(replace(database, name="postgres").conninfo(), autocommit=True) as server:
        server.execute("CREATE ROLE without_rights LOGIN")
    error = error_of(shelf, databases=(replace(database, user="without_rights"),))
    assert error.code == "U053"
    assert "permission denied" in error.text
