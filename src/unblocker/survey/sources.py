"""The project's source files, parsed once, with places that count characters."""

import ast
import hashlib
import os
import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path

from unblocker.records.places import Place
from unblocker.records.survey import Problem, SourceFile
from unblocker.survey.blocks import COMPOUND, binding_parts, statements
from unblocker.survey.names import children, free_names, local_names

FOREIGN_FOLDERS = frozenset(
    {"site-packages", "dist-packages", "node_modules", "__pycache__", ".venv", "venv", ".git", ".tox", ".unblock"}
)  # fmt: skip

type Definition = ast.FunctionDef | ast.AsyncFunctionDef
_LINE = re.compile(r"\r\n|\r|\n")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, eq=False)
class Source:
    """One parsed file.

    Attributes:
        name: its path as places tell it.
        operations: what was seen at each start of an expression, so that every operation's id stays its own, however
            often the file is read.
    """

    name: str
    text: str
    tree: ast.Module
    operations: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)
    _spots: dict[tuple[int, str], ast.expr] = field(default_factory=dict, repr=False)
    _free: dict[int, tuple[ast.AST, tuple[str, ...]]] = field(default_factory=dict, repr=False)
    _places: dict[ast.AST, Place] = field(default_factory=dict, repr=False)
    _locals: dict[Definition, frozenset[str]] = field(default_factory=dict, repr=False)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The text's lines, as Python counts them, without what ends them."""
        return tuple(_LINE.split(self.text) if "\r" in self.text else self.text.split("\n"))

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of the text, in strings and comments too."""
        return frozenset(_WORD.findall(self.text))

    def lines_of(self, word: str) -> Iterator[int]:
        """The numbers of the lines that hold the word, rising."""
        at = self.text.find(word)
        while at >= 0:
            end = at + len(word)
            if not _WORD.match(self.text[end : end + 1] + self.text[max(at - 1, 0) : at]):
                yield bisect_right(self._starts, at)
            at = self.text.find(word, end)

    @cached_property
    def _starts(self) -> list[int]:
        """Where the lines begin."""
        return [0, *(match.end() for match in _LINE.finditer(self.text))]

    @cached_property
    def definitions(self) -> dict[int, tuple[str, Definition]]:
        """Functions, with their qualified names, by the line that their code object names."""
        return dict(_definitions(self.tree, ""))

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        """Class statements by qualified name."""
        return dict(_classes(self.tree, ""))

    def spot(self, number: int, text: str) -> ast.expr:
        """A node that stands where `text` stands in the line; made once, for files that are not Python."""
        if (number, text) not in self._spots:
            line = self.lines[number - 1] if number <= len(self.lines) else ""
            column = max(line.find(text), 0)
            start, end = (len(line[:at].encode()) for at in (column, column + len(text)))
            position = {"col_offset": start, "end_lineno": number, "end_col_offset": end}
            self._spots[number, text] = ast.Name(text, ast.Load(), lineno=number, **position)
        return self._spots[number, text]

    def place(self, node: ast.AST) -> Place:
        """Where `node` stands, decorators included, columns in characters."""
        if node not in self._places:
            self._places[node] = self._place(node)
        return self._places[node]

    def _place(self, node: ast.AST) -> Place:
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
        place = self.place(node)
        lines = list(self.lines[place.line - 1 : place.end_line])
        lines[-1:] = [line[: place.end_column] for line in lines[-1:]]
        lines[:1] = [line[place.column :] for line in lines[:1]]
        text = " ".join(" ".join(lines).split())
        return text if len(text) <= 60 else f"{text[:57]}..."

    def free_names(self, node: ast.AST) -> tuple[str, ...]:
        """The names that the node reads from outside itself, each once, in source order."""
        known = self._free.get(id(node))
        if known is None:
            known = node, tuple(dict.fromkeys(free_names(node)))
            self._free[id(node)] = known
        return known[1]

    def local_names(self, function: Definition) -> frozenset[str]:
        """Every name that is local to the function."""
        if function not in self._locals:
            inside = children if ":=" in self.text else binding_parts
            self._locals[function] = local_names(function, inside)
        return self._locals[function]

    def _characters(self, line: int, column: int) -> int:
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        if text.isascii():
            return column
        return len(text.encode()[:column].decode(errors="ignore"))


@dataclass(slots=True)
class Sources:
    """All files that were read, and what could not be read.

    `import_roots` are folders below the root from which the project imports, too.
    """

    root: Path
    problems: list[Problem] = field(default_factory=list)
    import_roots: list[str] = field(default_factory=list)
    _parsed: dict[str, Source | None] = field(default_factory=dict)
    _files: dict[str, SourceFile] = field(default_factory=dict)
    _real: dict[str, str] = field(default_factory=dict)
    _owned: dict[str, bool] = field(default_factory=dict)
    _folders: dict[str, str] = field(default_factory=dict)
    _project_files: Sequence[Path] | None = None

    def owns(self, path: str | Path) -> bool:
        """Whether the file is the project's own: not an installed library's, nor made up (`<string>`, by `exec`)."""
        text = str(path)
        if text not in self._owned:
            made_up = not Path(path).is_absolute() and not Path(path).is_file()
            self._owned[text] = not made_up and self._is_inside(self.real(text))
        return self._owned[text]

    def _is_inside(self, real: str) -> bool:
        below = real.removeprefix(f"{self.root}{os.sep}")
        return below != real and FOREIGN_FOLDERS.isdisjoint(Path(below).parts)

    def real(self, path: str | Path) -> str:
        """The absolute path without symbolic links."""
        text = str(path)
        if text not in self._real:
            self._real[text] = self._resolved(text)
        return self._real[text]

    def _resolved(self, path: str) -> str:
        """`os.path.realpath`, which would ask for every folder above each file anew."""
        folder, name = os.path.split(path)
        if not path.startswith(os.sep) or name in ("", ".", ".."):
            return os.path.realpath(path)
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        below = f"{self._folders[folder].rstrip(os.sep)}{os.sep}{name}"
        is_link = os.path.islink(below)  # noqa: PTH114  # making a Path costs more than the question
        return os.path.realpath(below) if is_link else below

    def name(self, path: str | Path) -> str:
        """The path as places tell it: relative to the root where it is below it."""
        return Path(self.real(path).removeprefix(f"{self.root}{os.sep}")).as_posix()

    def read(self, path: str | Path) -> Source | None:
        """The parsed file; None, with a problem on record, where it can't be parsed."""
        real = self.real(path)
        if real not in self._parsed:
            self._parsed[real] = self._parse(real)
        return self._parsed[real]

    def glance(self, path: str | Path) -> Source | None:
        """The same, but a file that was not read before is not kept in memory."""
        real = self.real(path)
        return self._parsed[real] if real in self._parsed else self._parse(real)

    def project_files(self) -> Sequence[Path]:
        """The project's own Python files, sorted."""
        if self._project_files is None:
            self._project_files = [path for path in sorted(self._python_files()) if self.owns(path)]
        return self._project_files

    def _python_files(self) -> Iterator[Path]:
        for folder, inner, names in self.root.walk():
            inner[:] = [name for name in inner if name not in FOREIGN_FOLDERS]
            yield from (folder / name for name in names if name.endswith(".py"))

    def module_name(self, source: Source) -> str:
        """The dotted name under which the project imports the file."""
        inside = (f"{one}/" for one in self.import_roots if source.name.startswith(f"{one}/"))
        name = source.name.removeprefix(max(inside, key=len, default=""))
        parts = name.removesuffix(".py").split("/")
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

    def _parse(self, path: str) -> Source | None:
        name = self.name(path)
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            self.problems.append(Problem("U401", f"{name} cannot be read: {error.strerror}"))
            return None
        self._keep(name, data)
        try:
            tree = ast.parse(data, filename=path)
            text = _decode(data)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            self.problems.append(syntax_problem(name, error))
            return None
        return Source(name, text, tree)


def plain_source(name: str, text: str) -> Source:
    """A file that is not Python: only its lines count."""
    return Source(name, text, ast.Module([], []))


def syntax_problem(name: str, error: Exception) -> Problem:
    """A file that Python cannot parse, as a problem at the line Python names."""
    line = getattr(error, "lineno", None) or 1
    column = max((getattr(error, "offset", None) or 1) - 1, 0)
    text = getattr(error, "msg", None) or str(error) or "it is nested too deeply"
    return Problem(
        "U400", f"{name} is not valid Python: {text}", Place(name, line, column, line, column)
    )


def _decode(data: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
    return data.decode(encoding)


def _definitions(node: ast.AST, prefix: str) -> Iterator[tuple[int, tuple[str, Definition]]]:
    """Functions by the line that their code object names: that of the first decorator or of `def`."""
    for child in statements(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            name = prefix + child.name
            first = min((item.lineno for item in child.decorator_list), default=child.lineno)
            yield first, (name, child)
            yield from _definitions(child, f"{name}.<locals>.")
        elif isinstance(child, ast.ClassDef):
            yield from _definitions(child, f"{prefix}{child.name}.")
        elif child.__class__ in COMPOUND:
            yield from _definitions(child, prefix)


def _classes(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for child in statements(node):
        if isinstance(child, ast.ClassDef):
            yield prefix + child.name, child
            yield from _classes(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _classes(child, f"{prefix}{child.name}.<locals>.")
        elif child.__class__ in COMPOUND:
            yield from _classes(child, prefix)
