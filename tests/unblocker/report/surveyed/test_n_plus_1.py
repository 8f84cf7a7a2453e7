from dataclasses import replace

import pytest

from unblocker.records.places import Place
from unblocker.report.surveyed.n_plus_1 import row_by_row
from unblocker.report.surveyed.reached import Reached
from unblocker.report.surveyed.selection import Selection, select


@pytest.fixture
def rows(surveyed):
    return select(surveyed, Selection()).rows


def asked(label, line, *, per_row=True):
    return Reached(label, "query", Place("nav.html", line, 0, line, 9), per_row=per_row)


def told(rows):
    return [(one.label, one.place.line, one.views) for one in row_by_row(rows)]


def test_what_several_views_render_is_one_and_comes_first(rows):
    compare, product, overview, *_ = rows
    found = told(
        [
            replace(compare, operations=(asked("Tag.author", 7),)),
            replace(product, operations=(asked("Search.user", 3), asked("Search.user", 3))),
            replace(overview, operations=(asked("Search.user", 3), asked("Search.user", 9))),
        ]
    )
    assert found == [
        ("Search.user", 3, ("product_detail", "overview")),
        ("Tag.author", 7, ("compare",)),
        ("Search.user", 9, ("overview",)),
    ]


def test_what_is_asked_once_is_none(rows):
    assert told([replace(rows[0], operations=(asked("Search.user", 3, per_row=False),))]) == []


def test_the_admins_rows_are_not_told(rows):
    admin = next(row for row in rows if not row.is_own)
    assert told([replace(admin, operations=(asked("Search.user", 3),))]) == []
