from pathlib import Path

from unblocker.records.evidence import Difference, Evidence, ViewEvidence
from unblocker.records.places import Place
from unblocker.records.survey import View
from unblocker.records.traffic import Request
from unblocker.report.annotated import annotated

ROOT = Path("/checkout/shop")
LOST = Difference("U711", "tables", "not the same rows", Request("GET", "/a/"), "", "")


def lines(*views):
    known = [View("shop.cart", "function", (), Place("shop/views.py", 7, 0, 9, 0))]
    return annotated(Evidence(views, 1, (), 1, 0.5, "now"), known, ROOT, Path("/checkout"))


def test_a_difference_is_told_at_its_view():
    view = ViewEvidence("shop.cart", "differs", 1, differences=(LOST,))
    assert lines(view) == (
        "::warning title=U711,file=shop/shop/views.py,line=7::"
        "shop.cart: not the same rows: GET /a/ as anonymous\n"
    )


def test_a_view_whose_place_is_not_known_is_told_without():
    view = ViewEvidence("(no view)", "differs", 1, differences=(LOST,))
    assert lines(view).startswith("::warning title=U711::(no view): ")


def test_a_view_that_is_the_same_or_was_not_reached_has_none():
    assert lines(ViewEvidence("shop.cart", "same", 3), ViewEvidence("b", "not exercised")) == ""
