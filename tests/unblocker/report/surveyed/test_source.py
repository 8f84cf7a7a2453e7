from dataclasses import replace
from hashlib import sha256

import pytest

from unblocker.records.places import Place
from unblocker.records.survey import SourceFile
from unblocker.report.surveyed.reached import Reached
from unblocker.report.surveyed.source import MOST, Sources

TEXT = "import x\n\n\ndef view(request):\n    return Order.objects.count()\n"


def place(first, last=0):
    return Place("views.py", first, 0, last or first, 0)


@pytest.fixture
def sources(survey, tmp_path):
    def made(text, surveyed_text=None):
        (tmp_path / "views.py").write_text(text)
        digest = sha256((surveyed_text or text).encode()).hexdigest()
        project = replace(survey.project, root=str(tmp_path))
        return Sources(replace(survey, project=project, files=(SourceFile("views.py", digest),)))

    return made


def test_the_lines_of_the_place_with_what_they_do(sources):
    count = Reached("Order.count", "query", place(5))
    lines = sources(TEXT).excerpt(place(4, 5), (count, Reached("GET", "http", place(1))))
    assert [(line.number, line.text, line.operations) for line in lines] == [
        (4, "def view(request):", ()),
        (5, "    return Order.objects.count()", (count,)),
    ]


def test_a_line_of_another_file_is_not_marked(sources):
    other = replace(place(5), file="helpers.py")
    lines = sources(TEXT).excerpt(place(4, 5), (Reached("Order.count", "query", other),))
    assert not any(line.operations for line in lines)


def test_a_file_that_has_changed_since_is_not_shown(sources):
    assert sources(TEXT, "other").excerpt(place(4, 5), ()) == ()


def test_a_file_that_was_not_surveyed_or_is_gone_is_not_shown(sources):
    assert sources(TEXT).excerpt(Place("/usr/lib/x.py", 1, 0, 2, 0), ()) == ()
    assert sources(TEXT).excerpt(None, ()) == ()


def test_a_long_view_is_cut(sources):
    assert len(sources("a = 1\n" * 500).excerpt(place(1, 500), ())) == MOST
