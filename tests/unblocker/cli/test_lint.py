"""`django-unblock lint`: what it prints, its exit status, and what the project's configuration leaves out."""

import json

from tests.unblocker.cli.running import run

ASYNC = "import time\n\n\nasync def pause():\n    time.sleep(1)\n"
PLACE = "notes/pauses.py:5:5 U309 time.sleep() blocks the event loop (sleep)"


def with_async_code(project, configured=""):
    (project / "notes" / "pauses.py").write_text(ASYNC)
    with (project / "pyproject.toml").open("a") as file:
        file.write(f"\n{configured}\n")
    return project


def test_a_project_without_async_code_has_no_findings(project):
    done = run("lint", project, cwd=project)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_finding_is_a_line_with_its_place_and_one_with_its_fix(project):
    done = run("lint", with_async_code(project), cwd=project)
    assert done.returncode == 1
    assert done.stdout == f"{PLACE}\n    await asyncio.sleep(…)\n"


def test_fail_on_says_which_findings_count(project):
    with_async_code(project)
    other = run("lint", "--fail-on", "U302,U311", cwd=project)
    same = run("lint", "--fail-on", "U309", cwd=project)
    assert (other.returncode, same.returncode) == (0, 1)
    assert PLACE in other.stdout


def test_the_configuration_chooses_rules(project):
    done = run(
        "lint",
        with_async_code(project, '[tool.django-unblock.lint]\nignore = ["U309"]'),
        cwd=project,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_only_selected_rules_hold(project):
    done = run(
        "lint",
        with_async_code(project, '[tool.django-unblock.lint]\nselect = ["U311"]'),
        cwd=project,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_a_rule_that_does_not_exist_is_an_error(project):
    done = run(
        "lint",
        with_async_code(project, '[tool.django-unblock.lint]\nignore = ["U999"]'),
        cwd=project,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: U002 [tool.django-unblock.lint] names U999")


def test_json_holds_the_findings(project):
    done = run("lint", with_async_code(project), "--format", "json", cwd=project)
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["code"], finding["place"]["line"]) == ("U309", 5)
    assert done.returncode == 1


def test_sarif_and_github_name_the_place(project):
    with_async_code(project)
    (result,) = json.loads(run("lint", "--format", "sarif", cwd=project).stdout)["runs"][0][
        "results"
    ]
    assert (result["ruleId"], result["level"]) == ("U309", "warning")
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (5, 5)
    line = run("lint", "--format", "github", cwd=project).stdout
    assert line.startswith("::warning title=U309,file=notes/pauses.py,line=5::time.sleep() blocks")


def test_a_module_that_cannot_be_imported_is_told_and_does_not_fail(project):
    (project / "notes" / "pauses.py").write_text(f"import nowhere_to_be_found\n{ASYNC}")
    done = run("lint", project, cwd=project)
    assert (done.returncode, done.stdout) == (0, "")
    assert "U339 notes/pauses.py is not linted" in done.stderr
