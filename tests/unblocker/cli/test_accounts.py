"""`django-unblock survey --explain VIEW`."""

import json
import subprocess

import pytest

from tests.unblocker.cli.running import assert_cannot_run, command, environment
from unblocker.records.account import Account
from unblocker.records.codec import from_json

VIEWS = """
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.shortcuts import get_object_or_404, render
from django.views import View

from .models import Note, Tag


@receiver(post_save, sender=Note)
def noted(sender, instance, **kwargs):
    Tag.objects.create(name=instance.title)


def newest():
    return Note.objects.last()


def overview(request, pk, strange=None):
    note = get_object_or_404(Note, pk=pk)
    tags = Tag.objects.count()
    readers = User.objects.count()
    if tags > 3:
        last = newest()
    notes = Note.objects.filter(title=note.title)
    with transaction.atomic():
        Note.objects.create(title="new")
    return render(request, "notes/list.html", {"notes": notes, "reader": User.objects.first()})


def share(request):
    return None


def about(request):
    return None


class Notes(View):
    def get(self, request):
        return render(request, "notes/list.html", {"notes": Note.objects.all()})

    def post(self, request):
        Note.objects.create(title="new")
"""
TEMPLATE = "{% for note in notes %}{{ note.title }}{% endfor %}\n{{ reader.groups.all }}\n"


@pytest.fixture
def explained(project, run_soon):
    """The notebook with another view; a function that explains a view of it."""
    (project / "notes/views.py").write_text(VIEWS)
    folder = project / "notes/templates/notes"
    folder.mkdir(parents=True)
    (folder / "list.html").write_text(TEMPLATE)
    urls = project / "notebook/urls.py"
    urls.write_text(
        urls.read_text()
        .replace('path("", views', 'path("<int:pk>/", views')
        .replace("urlpatterns = [", 'urlpatterns = [\n    path("all/", views.Notes.as_view()),')
    )
    with (project / "notebook/settings.py").open("a") as settings:
        settings.write(
            "\nfrom pathlib import Path\n"
            'TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates",'
            ' "DIRS": [Path(__file__).parents[1] / "notes/templates"]}]\n'
        )

    def explain(view, *options):
        return run_soon("survey", "--explain", view, *options, cwd=project)

    return explain


def line_of(start):
    """The number of the only line of the views that starts like this."""
    lines = [line.strip() for line in VIEWS.splitlines()]
    [found] = [number for number, line in enumerate(lines, 1) if line.startswith(start)]
    return found


def account_of(done):
    assert done.returncode == 0, done.stderr
    return from_json(done.stdout.encode(), Account)


def by_source(account):
    return {one.source: one for one in account.conclusions}


def test_each_operation_is_told_in_order_with_its_line(explained):
    account = account_of(explained("overview", "--format", "json"))
    own = [one for one in account.conclusions if not one.via and not one.called_back]
    assert [one.place.line for one in own] == sorted(one.place.line for one in own)
    first = account.conclusions[0]
    assert first.source == "note = get_object_or_404(Note, pk=pk)"
    assert first.guard
    assert [str(one) for one in first.reads] == ["table notes_note"]


def test_what_decides_and_what_keeps_apart(explained):
    found = by_source(account_of(explained("overview", "--format", "json")))
    assert found["last = newest()"].unless == (f"`if tags > 3:` in line {line_of('if tags')}",)
    tags, readers = "tags = Tag.objects.count()", "readers = User.objects.count()"
    assert "may end the view" in found[tags].apart
    assert found[tags].beside == (line_of(readers),)
    assert found[readers].beside == (line_of(tags),)
    assert found['Note.objects.create(title="new")'].apart


def test_helpers_and_templates_are_the_way_to_an_operation(explained):
    account = account_of(explained("overview", "--format", "json"))
    found = by_source(account)
    inside = found["return Note.objects.last()"]
    assert [(one.name, one.place.line) for one in inside.via] == [
        ("newest", line_of("last = newest()"))
    ]
    in_template = found["{{ reader.groups.all }}"]
    assert in_template.place.file == "notes/templates/notes/list.html"
    assert [one.name for one in in_template.via] == ["notes/list.html"]


def test_the_type_of_a_local_is_told_with_its_line(explained):
    found = by_source(account_of(explained("overview", "--format", "json")))
    [rendered] = [one for source, one in found.items() if source.startswith("return render")]
    facts = {one.name: (one.text, one.place.line) for one in rendered.facts}
    assert facts["notes"] == ("a queryset of notes.Note", line_of("notes = Note"))


def test_what_django_calls_back_is_told(explained):
    account = account_of(explained("overview", "--format", "json"))
    [back] = [one for one in account.conclusions if one.called_back]
    assert back.source == "Tag.objects.create(name=instance.title)"


def test_every_method_of_a_class_is_told(explained):
    account = account_of(explained("Notes", "--format", "json"))
    sources = [one.source for one in account.conclusions]
    assert any(source.startswith("return render") for source in sources)
    assert 'Note.objects.create(title="new")' in sources


def test_the_verdict_comes_with_its_reasons(explained, project):
    shown = explained("/about/")
    assert shown.returncode == 0, shown.stderr
    assert "It does nothing that the survey knows of." in shown.stdout
    assert "Verdict: leave" in shown.stdout
    assert "U204" in shown.stdout
    account = account_of(explained("overview", "--format", "json"))
    plan = json.loads((project / ".unblock/plan.json").read_text())
    [planned] = [view for view in plan["views"] if view["view"] == account.view]
    assert account.verdict == planned["verdict"]
    assert [reason.code for reason in account.reasons] == [
        reason["code"] for reason in planned["reasons"]
    ]


@pytest.mark.parametrize("width", ["40", "80", "200"])
def test_prose_keeps_to_the_width(explained, project, width):
    explained("about")
    done = subprocess.run(
        command("survey", "--explain", "overview", "--quiet"),
        cwd=project,
        env=environment(COLUMNS=width),
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert "Verdict: " in done.stdout
    prose = [line for line in lines if line.startswith("    ")]
    assert prose
    assert all(len(line) <= int(width) for line in prose)
    assert all(line == line.rstrip() for line in lines)


def test_it_can_be_written_to_a_file(explained, project):
    done = explained("overview", "--output", "account.txt")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Verdict: " in (project / "account.txt").read_text()


def test_an_unknown_view_and_a_format_for_other_things(explained):
    assert_cannot_run(explained("overvew"), "U034", "Did you mean overview")
    done = explained("overview", "--format", "sarif")
    assert done.returncode == 2
    assert "sarif" in done.stderr
