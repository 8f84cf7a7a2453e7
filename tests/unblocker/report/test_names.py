import pytest

from unblocker.report.names import resolve, short_names


def test_the_shortest_tail_that_no_other_view_ends_with():
    assert short_names(["shop.views.index", "blog.views.index", "blog.views.post"]) == {
        "shop.views.index": "shop.views.index",
        "blog.views.index": "blog.views.index",
        "blog.views.post": "post",
    }


def test_a_view_whose_id_ends_another_keeps_its_whole_id():
    assert short_names(["views.index", "blog.views.index"])["views.index"] == "views.index"


ROUTES = {
    "shop.views.index": ("home",),
    "blog.views.index": ("blog-home",),
    "blog.views.post": ("post-detail",),
}


@pytest.mark.parametrize(
    ("name", "view"),
    [
        ("shop.views.index", "shop.views.index"),
        ("post", "blog.views.post"),
        ("views.post", "blog.views.post"),
        ("views:post", "blog.views.post"),
        ("blog-home", "blog.views.index"),
    ],
)
def test_a_view_by_id_tail_or_route_name(name, view):
    assert resolve(name, ROUTES) == view


@pytest.mark.parametrize("name", ["index", "elsewhere", "ost"])
def test_a_name_that_fits_no_view_or_several_stays(name):
    assert resolve(name, ROUTES) == name
