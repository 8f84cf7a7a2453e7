"""`django-unblock undo`."""

from pathlib import Path

import click

from unblocker.cli.consoles import remark
from unblocker.cli.workspace import open_workspace, project_argument
from unblocker.report.figures import plural
from unblocker.rewrite.apply import undo as take_back


@click.command()
@project_argument
def undo(project: Path) -> None:
    """Take back what the last `convert --write` wrote."""
    workspace = open_workspace(project)
    restored = take_back(workspace.root)
    remark(f"{plural(len(restored.files), 'file')} restored.")
