"""Which code is linted, under which runtime, and what silences a finding."""

import shutil
from pathlib import Path

import pytest

from .linted import IMPORTS, PROJECT, lint, linted

SLEEP = "async def pause():\n    time.sleep(1)\n"
QUERY = "async def count(request):\n    return JsonResponse({'n': Product.objects.count()})\n"
OURS = """
INSTALLED_APPS = [*INSTALLED_APPS, "django_unblock"]
DATABASES["default"]["ENGINE"] = "django_unblock.db.postgresql"
DATABASES["default"]["HOST"] = "127.0.0.1"
"""


def codes(folder: Path, code: str, settings: str = "") -> list[str]:
    return [finding.code for finding in lint(folder, {"module": code}, settings)]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the test project without async code of its own."""
    root = tmp_path / "project"
    shutil.copytree(
        PROJECT, root, ignore=shutil.ignore_patterns("__pycache__", ".unblock", "cases")
    )
    urls = root / "config" / "urls.py"
    urls.write_text(
        "from django.urls import path\nfrom django.views import View\nurlpatterns = [path('', View.as_view())]\n"
    )
    return root


def add(root: Path, name: str, code: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not (path.parent / "__init__.py").exists():
        (path.parent / "__init__.py").write_text("")
    path.write_text(IMPORTS + code)


def files(root: Path) -> list[tuple[str, str]]:
    return [(finding.place.file, finding.code) for finding in linted(root)]


def test_modules_of_apps_are_linted_though_no_url_reaches_them(project: Path) -> None:
    method = "    async def receive(self):\n        time.sleep(1)\n"
    add(project, "shop/consumers.py", f"class Consumer:\n{method}")
    add(project, "shop/management/commands/pause.py", SLEEP)
    add(project, "config/pauses.py", SLEEP)
    assert files(project) == [
        ("config/pauses.py", "U309"),
        ("shop/consumers.py", "U309"),
        ("shop/management/commands/pause.py", "U309"),
    ]


def test_tests_and_scripts_outside_of_the_projects_packages_are_not_run(project: Path) -> None:
    add(project, "shop/tests/test_pause.py", SLEEP)
    add(project, "scripts/pause.py", f"raise SystemExit('run')\n\n\n{SLEEP}")
    assert files(project) == []


def test_a_module_that_cannot_be_imported_is_a_problem(project: Path) -> None:
    from tests.unblocker.survey.conftest import run_survey
    from unblocker.records.codec import load
    from unblocker.records.survey import Survey

    add(project, "shop/consumers.py", f"import nowhere_to_be_found\n\n\n{SLEEP}")
    target = project.parent / "survey.json"
    assert run_survey(project, target).returncode == 0
    survey = load(target, Survey)
    assert survey.findings == ()
    (problem,) = [one for one in survey.problems if one.code == "U339"]
    assert "shop/consumers.py" in problem.text
    assert "nowhere_to_be_found" in problem.text


@pytest.mark.parametrize(
    "code",
    [
        "def make():\n    async def inner():\n        time.sleep(1)\n\n    return inner\n",
        "async def outer():\n    async def inner():\n        time.sleep(1)\n\n    await inner()\n",
        "if time:\n\n    async def inside():\n        time.sleep(1)\n",
        "class Outer:\n    class Inner:\n        async def method(self):\n            time.sleep(1)\n",
        "def own(view):\n    return print\n\n\n@own\nasync def replaced():\n    time.sleep(1)\n",
        "class A:\n    @staticmethod\n    async def method():\n        time.sleep(1)\n",
    ],
)
def test_functions_are_found_wherever_they_stand(tmp_path: Path, code: str) -> None:
    assert codes(tmp_path, code) == ["U309"]


def test_a_nested_function_knows_the_variables_around_it(tmp_path: Path) -> None:
    code = (
        "async def outer(pk):\n"
        "    product = await Product.objects.aget(pk=pk)\n"
        "\n"
        "    async def inner():\n"
        "        return product.category.name\n"
        "\n"
        "    return await inner()\n"
    )
    assert codes(tmp_path, code) == ["U304"]


def test_a_local_name_hides_the_module_of_that_name(tmp_path: Path) -> None:
    code = "def make(time):\n    async def inner():\n        time.sleep(1)\n\n    return inner\n"
    assert codes(tmp_path, code) == []


def test_what_one_method_keeps_on_self_another_knows(tmp_path: Path) -> None:
    code = (
        "class Consumer:\n"
        "    async def receive(self):\n"
        "        return self.product.category.name\n"
        "\n"
        "    async def connect(self):\n"
        "        self.product = await Product.objects.aget(pk=1)\n"
    )
    assert codes(tmp_path, code) == ["U304"]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("", ["U309"]),
        ("  # unblock: ignore[U309]", []),
        ("  # unblock: ignore[U302, U309] it is short", []),
        ("  # unblock: ignore", []),
        ("  # why not  # unblock: ignore[U309]", []),
        ("  # unblock: ignore[U302]", ["U309"]),
        ("  # noqa: U309", ["U309"]),
    ],
)
def test_a_comment_silences(tmp_path: Path, comment: str, expected: list[str]) -> None:
    assert codes(tmp_path, f"async def pause():\n    time.sleep(1){comment}\n") == expected


def test_a_comment_may_stand_on_the_last_line_too(tmp_path: Path) -> None:
    code = "async def pause():\n    time.sleep(\n        1\n    )  # unblock: ignore[U309]\n"
    assert codes(tmp_path, code) == []


def test_synchronous_queries_are_no_fault_under_our_runtime(tmp_path: Path) -> None:
    found = lint_ours(tmp_path, QUERY + SLEEP, "django_unblock.asgi")
    assert found == [("U309", "await asyncio.sleep(…)")]


def test_our_engine_behind_djangos_own_application_is_the_stock_runtime(tmp_path: Path) -> None:
    found = [code for code, _ in lint_ours(tmp_path, QUERY, "django.core.asgi")]
    assert found == ["U302"]


def test_our_runtime_has_its_own_remedies(tmp_path: Path) -> None:
    code = 'async def rates():\n    return requests.get("https://rates.example/", timeout=5)\n'
    (found,) = lint_ours(tmp_path, code, "django_unblock.asgi")
    assert found == ("U309", "await django_unblock.http.get(…)")


def lint_ours(folder: Path, code: str, application: str) -> list[tuple[str, str]]:
    settings = f"{OURS}ASGI_APPLICATION = 'config.asgi_{application[:6]}.application'"
    root = folder / "project"
    lint(folder, {"module": code})
    (root / "config" / "asgi.py").write_text(f"from {application} import get_asgi_application\n")
    with (root / "config" / "settings.py").open("a") as file:
        file.write(settings.partition("ASGI_APPLICATION")[0])
    return [(finding.code, finding.fix) for finding in linted(root)]
