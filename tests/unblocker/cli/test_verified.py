"""`convert --verified`: what is proven is written, the rest stays as it is, and the result fits together."""

import pytest

from tests.unblocker.cli.running import assert_cannot_run, contents, run
from unblocker.cli.verified import Verified, told, unproven
from unblocker.records.changeset import Changeset
from unblocker.records.evidence import Difference, Evidence, Trials, ViewEvidence
from unblocker.records.plan import Plan
from unblocker.records.traffic import Request

COUNTING = """

def counts():
    notes = Note.objects.count()
    tags = Tag.objects.count()
    readers = User.objects.count()
    return {"notes": notes, "tags": tags, "readers": readers}


def summary(request):
    return JsonResponse(counts())


def archive(request, year):
    return JsonResponse({**counts(), "year": year})
"""
ROUTES = """
from django.urls import re_path
urlpatterns += [
    path("summary/", views.summary),
    re_path(r"^archive/(?P<year>[0-9]{4})/$", views.archive),
]
"""


def append(file, text):
    file.write_text(file.read_text() + text)


@pytest.fixture
def wider(project):
    """The notebook with two views more that share a helper; no request is made up for the second."""
    append(project / "notes/views.py", COUNTING)
    append(project / "notebook/urls.py", ROUTES)
    return project


def test_a_view_that_no_request_reaches_stays_as_it_is_and_so_does_what_it_needs(wider):
    done = run("convert", "--write", "--verified", cwd=wider)
    assert done.returncode == 1, done.stderr
    assert "not written: notes.views.archive: not exercised\n" in done.stderr
    assert "same: notes.views.summary: " in done.stderr
    views = (wider / "notes/views.py").read_text()
    assert "async def overview(request):" in views
    assert "async def summary(request):" in views
    assert "await acounts()" in views
    assert COUNTING[COUNTING.index("def archive") :] in views
    assert COUNTING[: COUNTING.index("def summary")].strip() in views


def test_with_a_request_in_a_log_it_is_written_too(wider):
    line = '10.0.0.1 - - [22/Nov/2026:14:00:00 +0000] "GET /archive/2026/ HTTP/1.1" 200 9\n'
    (wider / "access.log").write_text(line)
    done = run("convert", "--write", "--verified", "--traffic", "access.log", cwd=wider)
    assert done.returncode == 0, done.stderr
    assert "same: notes.views.archive: 1 request, " in done.stderr
    assert "async def counts():" in (wider / "notes/views.py").read_text()


def test_a_project_that_cannot_be_verified_is_told_and_untouched(project):
    (project / "pyproject.toml").write_text("")
    before = contents(project)
    done = run("convert", "--write", "--verified", cwd=project)
    assert_cannot_run(done, "U003")
    assert contents(project) == before


def difference(view):
    asked = Request("POST", "/a/", "ann")
    found = Difference("U711", "tables", "not the same rows in note", asked, "", "", trial="seed 3")
    return ViewEvidence(view, "differs", 4, differences=(found,))


@pytest.fixture
def verified():
    """Of five views three are converted: one is the same, one differs, and no request reached one."""
    views = (
        ViewEvidence("a", "same", 4, trials=Trials(10, 3, 2)),
        difference("b"),
        ViewEvidence("d", "not exercised"),
        difference("e"),
    )
    evidence = Evidence(views, 8, (), 3, 0.5, "now")
    return Verified(Plan(None, (), (), None), Changeset("/", (), ("a", "b", "c")), evidence)


WHY = "differs: U711 not the same rows in note: POST /a/ as ann (seed 3)"


def test_only_converted_views_are_refused_and_only_where_they_are_not_the_same(verified):
    assert dict(unproven(verified)) == {"b": WHY, "c": "not exercised"}


def test_a_view_that_differs_unconverted_is_the_runtimes(verified):
    assert verified.disturbed == {"e": WHY}


def test_nothing_is_called_written_where_the_runtime_is_not_borne(verified):
    assert list(told(verified)) == [f"not converted, and differs under the runtime: e: {WHY}"]
