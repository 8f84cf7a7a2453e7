from pathlib import Path

import pytest

from unblocker.survey.manage_path import Added, added_folders

from .conftest import survey_site

START = "import os\nimport sys\nfrom pathlib import Path\n"


@pytest.fixture
def manage(tmp_path: Path) -> Path:
    (tmp_path / "apps").mkdir()
    (tmp_path / "src" / "inner").mkdir(parents=True)
    return tmp_path / "manage.py"


@pytest.mark.parametrize(
    "text",
    [
        'sys.path.insert(0, os.path.join(os.path.dirname(__file__), "apps"))',
        'sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "apps"))',
        'sys.path.insert(0, str(Path(__file__).resolve().parent / "apps"))',
        'BASE = Path(__file__).parent\nsys.path.insert(0, str(BASE.joinpath("apps")))',
        'BASE = Path(__file__).resolve().parents[0]\nAPPS = BASE / "apps"\nsys.path.insert(0, str(APPS))',
        'sys.path.insert(0, "apps")',
        'sys.path.insert(0, os.path.join(os.getcwd(), "apps"))',
        'def main():\n    here = Path(__file__).parent\n    sys.path.insert(0, str(here / "apps"))',
    ],
)
def test_a_folder_that_goes_first(manage: Path, text: str) -> None:
    manage.write_text(START + text)
    assert added_folders(manage) == (Added(manage.parent / "apps", first=True),)


def test_several_in_order(manage: Path) -> None:
    text = 'sys.path.insert(0, "apps")\nsys.path.insert(1, "src")\nsys.path.append("src/inner")'
    manage.write_text(START + text)
    root = manage.parent
    assert added_folders(manage) == (
        Added(root / "apps", first=True),
        Added(root / "src", first=False),
        Added(root / "src" / "inner", first=False),
    )


@pytest.mark.parametrize(
    "text",
    [
        'sys.path.insert(0, os.environ["APPS"])',
        'sys.path.insert(0, "nowhere")',
        'sys.path.append(find("apps"))',
        'HERE = "apps"\nHERE = "src"\nsys.path.insert(0, HERE)',
        "LOOP = LOOP\nsys.path.insert(0, LOOP)",
        'where = []\nwhere.insert(0, "apps")',
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apps")',
        "sys.path.insert(0, Path(__file__).parents[99])",
    ],
)
def test_what_the_source_does_not_tell_is_left_out(manage: Path, text: str) -> None:
    manage.write_text(START + text)
    assert added_folders(manage) == ()


def test_a_project_with_its_applications_below_a_folder_is_surveyed(tmp_path: Path) -> None:
    manage = (
        f'{START}sys.path.insert(0, str(Path(__file__).parent / "apps"))\n'
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inner")\n'
    )
    views = """
from django.http import HttpResponse
from counting.helpers import count

def counted(request):
    return HttpResponse(count())
"""
    files = {
        "manage.py": manage,
        "apps/inner.py": "from settings import *\nINSTALLED_APPS += ['counting']\n",
        "apps/counting/__init__.py": "",
        "apps/counting/helpers.py": """
from books.models import Book

def count():
    return Book.objects.count()
""",
    }
    site = survey_site(tmp_path, views, "counted", files)
    assert site.effects("counted") == ["helpers.py:5 django_orm.count book"]
