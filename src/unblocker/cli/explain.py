"""`django-unblock explain`."""

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import BinaryIO

import click

from unblocker.cli.consoles import output, remark
from unblocker.cli.model_facts import model_facts
from unblocker.cli.workspace import settings_option
from unblocker.errors import UnblockError
from unblocker.explain import explain as explain_text
from unblocker.explain.model_facts import ModelFacts
from unblocker.explain.reading import LARGEST, decode
from unblocker.records.codec import to_json
from unblocker.report.explanations import show_explanations
from unblocker.trees import project_folder

NOT_KNOWN = 1


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder that holds manage.py: its models are asked, too. Sources are read below the current folder.",
)
@settings_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def explain(file: BinaryIO, project: Path | None, settings: str | None, form: str) -> None:
    """Say where a traceback comes from, why, and what to do.

    FILE, or standard input, is a traceback, a log with tracebacks in it, pytest's output, or what Django's debug page
    gives to copy. The exit status is 1 if something in it is not known.
    """
    text = decode(b"" if file.isatty() else file.read(LARGEST + 1))
    root = project_folder(project) if project else project_here()
    models = models_of(root, settings) if project else ModelFacts()
    found = explain_text(text, root, models)
    if form == "json":
        click.echo(to_json(found), nl=False)
    else:
        show_explanations(output(), found)
    if found.unexplained:
        sys.exit(NOT_KNOWN)


def project_here() -> Path:
    """The project in the current folder, or that folder where there is none."""
    try:
        return project_folder(Path())
    except UnblockError:
        return Path.cwd()


def models_of(root: Path, settings: str | None) -> ModelFacts:
    """What the project's models say; nothing, with a remark, where it can't be loaded."""
    try:
        with redirect_stdout(sys.stderr):
            return model_facts(root, settings)
    except UnblockError as error:
        remark(f"The models could not be asked. {error}")
        return ModelFacts()
