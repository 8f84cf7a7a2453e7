"""`django-unblock survey --explain VIEW`: how the conclusions about one view were reached."""

import sys
from contextlib import redirect_stdout

import click

from unblocker.cli.consoles import output, plain
from unblocker.cli.delivering import TABLE, Delivery
from unblocker.cli.files import write_whole
from unblocker.cli.view_names import find_view
from unblocker.cli.workspace import Workspace
from unblocker.plan.account import make_account
from unblocker.records.account import Account
from unblocker.records.codec import to_json
from unblocker.records.places import Place
from unblocker.records.report import Surveyed
from unblocker.report.account import show_account
from unblocker.survey.type_facts import type_facts

JSON = "json"


def check_form(delivery: Delivery) -> None:
    """`click.UsageError` where the format is none in which a view can be explained."""
    if delivery.form not in (TABLE, JSON):
        raise click.UsageError(f"--explain can't be told as {delivery.form}, only as table or json")


def explain_view(
    workspace: Workspace, settings: str | None, surveyed: Surveyed, name: str, delivery: Delivery
) -> None:
    """Tell how the survey came to what it says of the view.

    Raises:
        UnblockError: there is no such view (U034), or more than one (U035).
    """
    view = find_view(surveyed.survey, name)
    with redirect_stdout(sys.stderr):
        types = type_facts(workspace.root, settings or workspace.config.settings, view.id)
    plan = next(one for one in surveyed.plan.views if one.view == view.id)
    lines = _Lines(workspace)
    account = make_account(surveyed.survey, plan, workspace.config, types, lines.at)
    _deliver(account, delivery)


class _Lines:
    """The project's source, line by line, each file read once."""

    def __init__(self, workspace: Workspace) -> None:
        self._root = workspace.root
        self._files: dict[str, list[str]] = {}

    def at(self, place: Place) -> str:
        """The line, stripped; empty where the file is not there."""
        if place.file not in self._files:
            path = self._root / place.file
            text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
            self._files[place.file] = text.splitlines()
        lines = self._files[place.file]
        return lines[place.line - 1].strip() if 0 < place.line <= len(lines) else ""


def _deliver(account: Account, delivery: Delivery) -> None:
    if delivery.path is not None:
        write_whole(delivery.path, _text(account, delivery))
    elif delivery.form == TABLE:
        show_account(output(), account)
    else:
        click.echo(_text(account, delivery), nl=False)


def _text(account: Account, delivery: Delivery) -> str:
    if delivery.form == JSON:
        return to_json(account).decode()
    console = plain()
    with console.capture() as captured:
        show_account(console, account)
    return captured.get()
