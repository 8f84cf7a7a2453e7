"""The project's own files that must change for the runtime to be used: settings and the ASGI module."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import libcst as cst

from unblocker.records.changeset import FileChange
from unblocker.records.places import Place
from unblocker.records.plan import Adoption
from unblocker.records.survey import Problem
from unblocker.rewrite.asgi import application_splices
from unblocker.rewrite.settings_apps import app_splices
from unblocker.rewrite.settings_databases import engine_splices
from unblocker.rewrite.source import Source, read_source
from unblocker.rewrite.splices import Splice, spliced
from unblocker.rewrite.tree import Tree, parse

type Change = Callable[[Tree], list[Splice] | None]


@dataclass(frozen=True, slots=True)
class Adopted:
    """The changed files, and what is left to the user, who is told what to write."""

    files: tuple[FileChange, ...] = ()
    problems: tuple[Problem, ...] = ()


def adopt(adoption: Adoption | None, root: Path) -> Adopted:
    """What `adoption` asks for, where the files spell it out; else a problem that says what to write.

    Raises:
        UnblockError: U045, a file can't be read.
    """
    if adoption is None:
        return Adopted()
    files = _Files(root)
    settings = adoption.settings_files
    for alias in adoption.aliases:
        if not files.change(settings, partial(engine_splices, alias)):
            files.leave_to_user(
                "U610",
                f"the engine of the database {alias!r} is not spelt out in the settings: after DATABASES is set, write "
                f'DATABASES["{alias}"]["ENGINE"] = "django_unblock.db.postgresql" (or what takes the place of yours) '
                f'and DATABASES["{alias}"]["CONN_MAX_AGE"] = 0',
                settings,
            )
    if adoption.add_app and not files.change(settings, app_splices, first_only=True):
        files.leave_to_user(
            "U611",
            "INSTALLED_APPS is not spelt out in the settings: after it is set, write "
            'INSTALLED_APPS = [*INSTALLED_APPS, "django_unblock"]',
            settings,
        )
    asgi = (adoption.asgi_file,) if adoption.asgi_file else ()
    if not files.change(asgi, application_splices):
        files.leave_to_user(
            "U612",
            "no ASGI module that imports Django's get_asgi_application was found: in the module behind your server, "
            "write from django_unblock.asgi import get_asgi_application",
            asgi,
        )
    return files.adopted()


@dataclass(slots=True)
class _Files:
    """The files on their way: each read once, changed step by step."""

    root: Path
    sources: dict[str, Source] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def change(self, paths: tuple[str, ...], change: Change, *, first_only: bool = False) -> bool:
        """Make `change` in the files that it understands; False if there is none."""
        found = False
        for path in paths:
            text = self._text(path)
            try:
                splices = change(parse(path, text))
            except cst.ParserSyntaxError:
                continue
            if splices is not None:
                found = True
                self.texts[path] = spliced(text, splices)
                if first_only:
                    break
        return found

    def _text(self, path: str) -> str:
        if path not in self.sources:
            self.sources[path] = read_source(self.root, path)
            self.texts[path] = self.sources[path].text
        return self.texts[path]

    def leave_to_user(self, code: str, text: str, paths: tuple[str, ...]) -> None:
        place = Place(paths[-1], 1, 0, 1, 0) if paths else None
        self.problems.append(Problem(code, text, place))

    def adopted(self) -> Adopted:
        changes = [
            FileChange(path, source.encoding, source.text, self.texts[path])
            for path, source in self.sources.items()
            if self.texts[path] != source.text
        ]
        return Adopted(tuple(changes), tuple(self.problems))
