"""An import that the conversion leaves without a use stays where another file asks the module for it."""

import pytest

from unblocker.rewrite.stage import rewrite

VIEW = "import requests\n\n\ndef view(request):\n    return requests.get(request.url)\n"


def converted(workshop, other: str, path: str = "shop/views.py") -> str:
    workshop.write(path, VIEW)
    workshop.write("shop/tests.py", other)
    function = workshop.function(
        path,
        {
            "function": "view",
            "awaits": [
                {"at": "requests.get(", "form": "function", "name": "django_unblock.http.get"}
            ],
        },
    )
    (change,) = rewrite(workshop.plan([function]), workshop.root, lambda text: None).files
    assert "await http.get(request.url)" in change.after
    return change.after


@pytest.mark.parametrize(
    "other",
    [
        '@mock.patch("shop.views.requests.get")\ndef test_it(get): ...\n',
        'mock.patch("shop.views.requests")\n',
        'mock.patch.object(views, "requests")\n',
        "monkeypatch.setattr(views, 'requests', fake)\n",
        'mock.patch.object(views.requests, "get")\n',
        "from shop.views import requests\n",
        "from .views import (\n    view,\n    requests,\n)\n",
        "from .views import *\n",
    ],
)
def test_what_another_file_asks_for_stays(workshop, other):
    assert "import requests\n" in converted(workshop, other)


@pytest.mark.parametrize(
    "other",
    [
        "",
        "import requests\nfrom shop.views import view\n",
        'mock.patch("requests.get")\n',
        'mock.patch("shop.views.requests_mock")\n',
        'mock.patch("shop.reviews.requests.get")\n',
        "from shop import *\n",
    ],
)
def test_what_nobody_asks_for_goes(workshop, other):
    assert "import requests\n" not in converted(workshop, other)


def test_a_package_is_asked_by_its_own_name(workshop):
    other = 'mock.patch("shop.views.requests.get")\n'
    assert "import requests\n" in converted(workshop, other, "shop/views/__init__.py")
