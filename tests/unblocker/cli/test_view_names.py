"""Which view the user means by a name or a path."""

import pytest

from unblocker.cli.view_names import find_view
from unblocker.errors import UnblockError
from unblocker.records.survey import Project, Route, Survey, View

PROJECT = Project("/srv/shop", "settings", (), None, "6.1", "3.13", (), (), ())
SURVEY = Survey(
    PROJECT,
    (
        View("shop.views.home", "function", (Route("", "home"),)),
        View("shop.views.order", "function", (Route("orders/<int:pk>/", "shop:order"),)),
        View("shop.views.old_order", "function", (Route("orders/<slug:slug>/", None),)),
        View("shop.views.file", "function", (Route("files/<path:name>", "file"),)),
        View("shop.views.year", "function", (Route(r"^archive/(?P<year>[0-9]{4})/$", "year"),)),
        View("shop.views.detail", "function", (Route("a+b/<uuid:key>/", "detail"),)),
        View("blog.views.detail", "function", (Route("blog/<str:slug>/", "blog:detail"),)),
        View("shop.views.broken", "function", (Route("^(/$", "broken"),)),
    ),
    (),
)


@pytest.mark.parametrize(
    ("name", "view"),
    [
        ("home", "shop.views.home"),
        ("views.home", "shop.views.home"),
        ("shop.views.detail", "shop.views.detail"),
        ("blog.views.detail", "blog.views.detail"),
        ("shop:order", "shop.views.order"),
        ("order", "shop.views.order"),
        ("blog:detail", "blog.views.detail"),
        ("year", "shop.views.year"),
        ("/", "shop.views.home"),
        ("/orders/3/", "shop.views.order"),
        ("orders/3", "shop.views.order"),
        ("/orders/3/?page=2", "shop.views.order"),
        ("/orders/tea-pot/", "shop.views.old_order"),
        ("/orders/<int:pk>/", "shop.views.order"),
        ("/files/a/b.txt", "shop.views.file"),
        ("/archive/2026/", "shop.views.year"),
        ("/a+b/0b1c2d3e-0000-4000-8000-000000000000/", "shop.views.detail"),
    ],
)
def test_a_view_is_found(name, view):
    assert find_view(SURVEY, name).id == view


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("homme", "Did you mean home"),
        ("ordr", "order"),
        ("/orders/", "Did you mean /orders/"),
        ("/fils/a", "Did you mean /files/"),
        ("zzzzzzzzzz", "`django-unblock survey --all` lists them."),
        ("", "`django-unblock survey --all` lists them."),
        ("/aab/0b1c2d3e-0000-4000-8000-000000000000/", ""),
    ],
)
def test_an_unknown_name_is_an_error_with_what_is_close(name, hint):
    with pytest.raises(UnblockError) as raised:
        find_view(SURVEY, name)
    assert raised.value.code == "U034"
    assert hint in raised.value.hint


def test_a_name_of_several_views_is_an_error_that_names_them():
    with pytest.raises(UnblockError) as raised:
        find_view(SURVEY, "detail")
    assert raised.value.code == "U035"
    assert "shop.views.detail, blog.views.detail" in raised.value.text
