"""Class-based views and views under decorators: converted as planned, and answering as before however they are served.

Each golden case is a module of views, before and after; the shop in `project` holds them all.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden" / "classes"
CASES = sorted(path.name for path in GOLDEN.iterdir())
_CONVERT = """
import sys
from pathlib import Path
from unblocker.config import Config
from unblocker.plan.planner import make_plan
from unblocker.rewrite.apply import apply
from unblocker.rewrite.stage import rewrite
from unblocker.survey import survey_project
root = Path(sys.argv[1])
changeset = rewrite(make_plan(survey_project(root, None, print), Config()), root, print)
assert not changeset.problems, changeset.problems
apply(changeset, root)
"""


@pytest.fixture(scope="module")
def shops(tmp_path_factory) -> tuple[Path, Path]:
    """The shop with the cases' views, and the same converted."""
    old, new = (tmp_path_factory.mktemp(name) / "shop" for name in ("old", "new"))
    shutil.copytree(HERE / "project", old)
    (old / "shop" / "views").mkdir()
    for case in CASES:
        shutil.copy(GOLDEN / case / "before.py", old / "shop" / "views" / f"{case}.py")
    shutil.copytree(old, new)
    subprocess.run([sys.executable, "-c", _CONVERT, new], check=True, env=environment())
    return old, new


@pytest.mark.parametrize("case", CASES)
def test_before_becomes_after(shops, case):
    after = (GOLDEN / case / "after.py").read_text(encoding="utf-8")
    assert (shops[1] / "shop" / "views" / f"{case}.py").read_text(encoding="utf-8") == after


def test_converted_views_answer_as_before(shops, postgres_settings):
    old, new = shops
    before = ask(old, "before", postgres_settings)
    after = ask(new, "after", postgres_settings, "asgi")
    assert len(before) > 100
    assert after == before


def ask(shop: Path, name: str, database: dict[str, str], *arguments: str) -> list[str]:
    variables = {f"SHOP_{key}": value for key, value in database.items()} | {"SHOP_NAME": name}
    asked = subprocess.run(
        [sys.executable, HERE / "ask.py", *arguments],
        cwd=shop,
        env=environment() | variables,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(asked.stdout)


def environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO_")}
    return kept | {"DJANGO_SETTINGS_MODULE": "config.settings"}
