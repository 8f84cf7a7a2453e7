"""`django-unblock record`."""

import sys
from pathlib import Path

import click

from unblocker.cli.consoles import messages
from unblocker.cli.workspace import (
    RECORDED,
    RECORDING,
    Workspace,
    keep_out_of_git,
    open_workspace,
    told_unwritable,
)
from unblocker.record import Recorder
from unblocker.records import codec
from unblocker.records.recording import Recording
from unblocker.report.recording import show_recording


@click.command(context_settings={"allow_interspersed_args": False})
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The folder that holds manage.py, by default the current one.",
)
@click.option(
    "--output",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the recording here instead of to .unblock/recording.json.",
)
@click.option("--append", is_flag=True, help="Add to what was recorded before.")
@click.option(
    "--bodies", is_flag=True, help="Keep paths, headers, bodies and user ids, to replay requests."
)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def record(
    project: Path, file: Path | None, command: tuple[str, ...], *, append: bool, bodies: bool
) -> None:
    """Run COMMAND, your tests or your server, and note each view's requests and the latency of all their I/O.

    Nothing in the project is changed. COMMAND's output stays as it is, and its exit status is passed on.
    """
    workspace = open_workspace(project)
    recorder = Recorder(workspace.root, workspace.path(RECORDED))
    with told_unwritable(workspace.folder):
        keep_out_of_git(workspace.folder)
        run = recorder.run(command, bodies=bodies)
        if not append:
            recorder.forget_earlier()
    recording = recorder.recording()
    keep(recording, workspace, file)
    show_recording(messages(), recording)
    sys.exit(run.status)


def keep(recording: Recording, workspace: Workspace, file: Path | None) -> None:
    """Save the recording in the file, or in the workspace where none is named."""
    if file is None:
        workspace.save(recording, RECORDING)
    else:
        with told_unwritable(file.parent):
            codec.save(recording, file)
