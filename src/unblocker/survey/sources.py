"""The project's source files, parsed once, with places that count characters."""

import ast
import hashlib
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from unblocker.records.places import Place
from unblocker.records.survey import Problem, SourceFile

FOREIGN_FOLDERS = frozenset(
    {"site-packages", "dist-packages", "node_modules", "__pycache__", ".venv", "venv", ".git", ".tox", ".unblock"}
)  # fmt: skip

type Definition = ast.FunctionDef | ast.AsyncFunctionDef
_LINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Source:
    """One parsed file.

    Attributes:
        name: its path as places tell it.
        definitions: functions by the line that their code object names.
        operations: what was seen at each start of an expression, so that every operation's id stays its own, however
            often the file is read.
    """

    name: str
    text: str
    lines: tuple[str, ...]
    tree: ast.Module
    definitions: dict[int, tuple[str, Definition]] = field(hash=False, compare=False)
    operations: dict[str, list[tuple[int, int, str]]] = field(
        default_factory=dict, hash=False, compare=False
    )

    def place(self, node: ast.AST) -> Place:
        """Where `node` stands, decorators included, columns in characters."""
        line, column = node.lineno, node.col_offset  # type: ignore[attr-defined]  # only located nodes come here
        for decorator in getattr(node, "decorator_list", ()):
            if decorator.lineno < line:
                line, column = decorator.lineno, decorator.col_offset - 1
        end_line, end_column = node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]
        return Place(
            self.name,
            line,
            self._characters(line, column),
            end_line,
            self._characters(end_line, end_column),
        )

    def segment(self, node: ast.expr) -> str:
        """The text of an expression on one line, shortened."""
        text = " ".join((ast.get_source_segment(self.text, node) or "").split())
        return text if len(text) <= 60 else f"{text[:57]}..."

    def _characters(self, line: int, column: int) -> int:
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        if text.isascii():
            return column
        return len(text.encode()[:column].decode(errors="ignore"))


@dataclass(slots=True)
class Sources:
    """All files that were read, and what could not be read."""

    root: Path
    problems: list[Problem] = field(default_factory=list)
    _parsed: dict[Path, Source | None] = field(default_factory=dict)
    _files: dict[str, SourceFile] = field(default_factory=dict)

    def owns(self, path: str | Path) -> bool:
        """Whether the file is the project's own: not an installed library's, nor made up (`<string>`, by `exec`)."""
        if not Path(path).is_absolute() and not Path(path).is_file():
            return False
        try:
            relative = Path(path).resolve().relative_to(self.root)
        except (ValueError, OSError):
            return False
        return not FOREIGN_FOLDERS.intersection(relative.parts)

    def name(self, path: Path) -> str:
        """The path as places tell it: relative to the root where it is below it."""
        resolved = path.resolve()
        if resolved.is_relative_to(self.root):
            return resolved.relative_to(self.root).as_posix()
        return resolved.as_posix()

    def read(self, path: str | Path) -> Source | None:
        """The parsed file; None, with a problem on record, where it can't be parsed."""
        resolved = Path(path).resolve()
        if resolved not in self._parsed:
            self._parsed[resolved] = self._parse(resolved)
        return self._parsed[resolved]

    def project_files(self) -> Iterator[Path]:
        """The project's own Python files, sorted."""
        for path in sorted(self.root.rglob("*.py")):
            if self.owns(path):
                yield path

    def module_name(self, source: Source) -> str:
        """The dotted name under which the project imports the file."""
        parts = source.name.removesuffix(".py").split("/")
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def note(self, path: Path) -> None:
        """The survey rests on this file, too, though it is not Python."""
        self._keep(self.name(path), path.read_bytes())

    def files(self) -> tuple[SourceFile, ...]:
        """What was read so far, by path."""
        return tuple(file for _, file in sorted(self._files.items()))

    def _keep(self, name: str, data: bytes) -> None:
        if name not in self._files:
            digest = hashlib.sha256(data).hexdigest()
            self._files[name] = SourceFile(name, digest, len(data.splitlines()))

    def _parse(self, path: Path) -> Source | None:
        name = self.name(path)
        try:
            data = path.read_bytes()
        except OSError as error:
            self.problems.append(Problem("U401", f"{name} cannot be read: {error.strerror}"))
            return None
        self._keep(name, data)
        try:
            tree = ast.parse(data, filename=str(path))
            text = _decode(data)
        except (SyntaxError, ValueError) as error:
            self.problems.append(syntax_problem(name, error))
            return None
        definitions = dict(_definitions(tree, ""))
        return Source(name, text, tuple(_LINE.split(text)), tree, definitions)


def plain_source(name: str, text: str) -> Source:
    """A file that is not Python: only its lines count."""
    return Source(name, text, tuple(_LINE.split(text)), ast.Module([], []), {})


def syntax_problem(name: str, error: Exception) -> Problem:
    """A file that Python cannot parse, as a problem at the line Python names."""
    line = getattr(error, "lineno", None) or 1
    column = max((getattr(error, "offset", None) or 1) - 1, 0)
    text = getattr(error, "msg", None) or str(error)
    return Problem(
        "U400", f"{name} is not valid Python: {text}", Place(name, line, column, line, column)
    )


def _decode(data: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
    return data.decode(encoding)


def _definitions(node: ast.AST, prefix: str) -> Iterator[tuple[int, tuple[str, Definition]]]:
    """Functions by the line that their code object names: that of the first decorator or of `def`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            name = prefix + child.name
            first = min((item.lineno for item in child.decorator_list), default=child.lineno)
            yield first, (name, child)
            yield from _definitions(child, f"{name}.<locals>.")
        elif isinstance(child, ast.ClassDef):
            yield from _definitions(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from _definitions(child, prefix)
