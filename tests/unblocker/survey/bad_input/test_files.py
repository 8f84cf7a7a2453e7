"""Files that can't be read are told one by one; the rest is surveyed."""

import pytest

from .projects import Ended, make, survey

VIEW = "from app.models import Thing\n\n\ndef {name}(request):\n    text = '{text}'; return Thing.objects.count()\n"
FILES: dict[str, str | bytes] = {
    "app/python2.py": "print 'hello'\n",
    "app/unclosed.py": "def f(:\n",
    "app/undeclared.py": "x = 'café'\n".encode("latin-1"),
    "app/null.py": b"x = 1\n\0\n",
    "app/strange.py": "# -*- coding: no-such-encoding -*-\nx = 1\n",
    "app/deep.py": f"x = {'-' * 300_000}1\n",
    "app/empty.py": "",
    "app/latin.py": ("# -*- coding: latin-1 -*-\n" + VIEW.format(name="latin", text="café")).encode(
        "latin-1"
    ),
    "app/bom.py": b"\xef\xbb\xbf" + VIEW.format(name="bom", text="x").encode(),
    "app/returns.py": VIEW.format(name="returns", text="x").replace("\n", "\r\n"),
    "urls.py": """
from django.urls import path
from app import bom, latin, returns, views

urlpatterns = [
    path("fine/", views.fine), path("latin/", latin.latin), path("bom/", bom.bom), path("returns/", returns.returns),
]
""",
}


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    folder = make(tmp_path_factory.mktemp("files") / "project", FILES)
    (folder / "app" / "dangling.py").symlink_to("/nowhere/at/all.py")
    (folder / "app" / "folder.py").mkdir()
    (folder / "app" / "loop").symlink_to(folder)
    return survey(folder)


def test_each_is_told_with_its_line(ended: Ended) -> None:
    codes = {str(one.place).partition(":")[0]: one.code for one in ended.problems() if one.place}
    bad = ("python2", "unclosed", "undeclared", "null", "strange", "deep")
    assert codes == {f"app/{name}.py": "U400" for name in bad}


@pytest.mark.parametrize("name", ["fine", "latin", "bom", "returns"])
def test_the_others_are_read(ended: Ended, name: str) -> None:
    view = ended.view(name)
    [function] = [one for one in ended.survey.functions if one.id == view.function]
    assert [str(place) for place in function.reads] == ["table app_thing"]


def test_places_count_characters_in_every_encoding(ended: Ended) -> None:
    [function] = [one for one in ended.survey.functions if one.name == "latin"]
    [operation] = [one for step in function.steps for one in step.operations]
    assert operation.place.column == len("    text = 'café'; return ")
