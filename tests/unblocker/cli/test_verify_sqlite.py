"""`verify` of a project on SQLite: the file that `prepare` fills is cloned, and nothing is written to it."""

import json

from tests.unblocker.cli.running import run

ON_SQLITE = """
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.path.join(os.path.dirname(os.path.dirname(__file__)), "notes.sqlite3"),
    }
}
"""


def test_a_project_on_sqlite_is_verified(project):
    settings = project / "notebook/settings.py"
    head, _, rest = settings.read_text().partition("DATABASES = {")
    settings.write_text(head + ON_SQLITE + rest.partition("\n}\n")[2])
    done = run("verify", "--format", "json", "--schedules", "2", cwd=project)
    assert done.returncode == 0, done.stderr
    views = {view["view"]: view for view in json.loads(done.stdout)["views"]}
    overview = views["notes.views.overview"]
    assert overview["verdict"] == "same"
    assert overview["requests"] > 0
    assert overview["trials"]["faults"] > 0
    assert not (project / "notes.sqlite3").exists()
