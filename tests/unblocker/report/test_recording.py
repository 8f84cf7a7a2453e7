import io

from rich.console import Console

from unblocker.records.recording import OperationTimes, RecordedView, Recording
from unblocker.report.recording import SHOWN, show_recording


def view(name, *operations, total=100.0, requests=4, unfinished=0, route="a/"):
    return RecordedView(name, route, requests, 0, 0, unfinished, 25.0, 40.0, total, operations)


def shown(*views, **fields):
    console = Console(file=io.StringIO(), width=100)
    show_recording(console, Recording("/project", (), views, **fields))
    return console.file.getvalue()


def test_the_view_that_took_most_time_is_first():
    text = shown(
        view("app.views.quick", total=1.0),
        view("app.views.slow", OperationTimes("query", "", 12, 5.0, 60.0), total=900.0),
    )
    assert text.index("slow") < text.index("quick")
    assert "8 requests of 2 views recorded" in text
    (row,) = [line.split() for line in text.splitlines() if line.startswith("slow")]
    assert row == ["slow", "4", "25", "40", "15", "3", "query"]


def test_what_tells_no_times_is_said_and_not_counted():
    mail = OperationTimes("mail", "locmem", 4, 0.1, 0.4, telling=False)
    text = shown(view("app.views.share", mail))
    (row,) = [line.split() for line in text.splitlines() if line.startswith("share")]
    assert row[4:] == ["0", "1", "mail"]
    assert "In memory only, or failed, so that their times tell nothing: mail." in text


def test_requests_without_an_answer_or_a_route_are_told():
    text = shown(view("app.views.stuck", unfinished=1), unrouted=2)
    assert "Begun and never answered: 1 request." in text
    assert "No route matched 2 requests." in text


def test_what_needs_no_remark_has_none():
    text = shown(view("app.views.page", OperationTimes("query", "", 4, 5.0, 20.0)))
    assert len(text.strip().splitlines()) == 4


def test_a_view_at_several_routes_is_told_by_them():
    text = shown(view("app.views.Page"), view("app.views.Page", route=None), view("app.views.one"))
    assert "Page /a/" in text
    assert "Page (direct calls)" in text
    assert "one /a/" not in text


def test_only_the_dearest_views_are_listed():
    text = shown(*(view(f"app.views.number_{number}") for number in range(SHOWN + 2)))
    assert "Not listed: 2 views that took less time." in text
