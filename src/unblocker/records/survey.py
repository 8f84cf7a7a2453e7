"""What the survey found: the project's views and functions, statement by statement, and the I/O in them.

A `Function` is told as a tree of `Step`s (its statements). A step names the locals it binds and uses and the
`Operation`s in its own expressions; compound statements hold further steps in `Block`s. This is all that the plan
needs to decide what may overlap: it never reads source again.
"""

from dataclasses import dataclass
from typing import Literal

from unblocker.records.findings import Finding
from unblocker.records.places import Place

type LocationKind = Literal[
    "table", "host", "mail", "cache", "session", "messages", "files", "object", "global", "unknown"
]
type OperationKind = Literal[
    "query",
    "http",
    "mail",
    "storage",
    "cache",
    "subprocess",
    "sleep",
    "cpu",
    "template",
    "helper",
    "transaction",
]
type StepKind = Literal[
    "assign", "expression", "return", "raise", "if", "for", "while", "try", "with", "match", "break", "continue",
    "define", "other",
]  # fmt: skip
type BlockKind = Literal["body", "orelse", "handler", "finally", "case"]
type ViewKind = Literal["function", "class", "admin", "third-party", "unreadable"]
type Scope = Literal["body", "comprehension", "closed"]
type DecoratorSafety = Literal["async-safe", "sync-only", "third-party", "project", "unknown"]
type ReferenceKind = Literal["view", "function", "module", "test"]


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Something that an operation reads or writes; `name` is a table, a host, a file …, or `*` for any of its kind."""

    kind: LocationKind
    name: str = "*"

    def overlaps(self, other: "Location") -> bool:
        """Whether the two may be the same thing; *unknown* may be everything."""
        if "unknown" in (self.kind, other.kind):
            return True
        return self.kind == other.kind and (
            self.name == other.name or "*" in (self.name, other.name)
        )

    def __str__(self) -> str:
        return self.kind if self.name == "*" else f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A local queryset that a template evaluates when it is rendered; `certain` where no branch may skip it."""

    name: str
    reads: tuple[Location, ...]
    certain: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing a step does to the outside world, at `place` (the expression that does it).

    Attributes:
        id: `line:column` of the expression; unique in its function.
        entry: the catalog entry, `family.name`; `project.call` for a call of a project function that does I/O.
        label: a few words for people: `Product.get`, `GET /rates`.
        raises: dotted names of exceptions it documents, beyond failures of the I/O itself.
        guard: it may answer the request by raising (`Http404`, `PermissionDenied`).
        certain: the step cannot be carried out without it (not behind `and`, a ternary, a comprehension's `if`, …).
        whole: it is the whole value of an assignment to one name, of an expression statement or of a return.
        implicit: it has no call of its own to rewrite (a lazy relation, `for x in queryset`, `if queryset`).
        callee: for `project.call`, the `Function.id`.
        template: for rendering, the template's name.
        evaluates: for rendering, the local querysets that the template evaluates.
        times: how often it is expected to run; more than 1 for an N+1.
        value_used: something looks at what it returns.
        scope: `body` where `await` may simply be written; `comprehension` in a list, set or dict comprehension (legal
            too, one after the other); `closed` in a lambda, generator expression or nested sync function.
        uses: locals read by the expression itself.
        early: what its result may be called if it is begun ahead of its statement; empty where it may not be.
    """

    id: str
    place: Place
    entry: str
    kind: OperationKind
    label: str
    reads: tuple[Location, ...] = ()
    writes: tuple[Location, ...] = ()
    raises: tuple[str, ...] = ()
    guard: bool = False
    certain: bool = True
    whole: bool = False
    implicit: bool = False
    callee: str | None = None
    template: str | None = None
    evaluates: tuple[Evaluation, ...] = ()
    times: int = 1
    value_used: bool = True
    scope: Scope = "body"
    uses: tuple[str, ...] = ()
    early: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that a request to a view may do, at the innermost place of the project that does it.

    The place is in the view's own code, in a helper, in a method that Django calls back (a signal's receiver, a form's
    `clean`, an overridden `save`) or in a template. What it is called with there is known, so `reads` and `writes` can
    be fewer than those of the operation in the function's record, which is for all callers. `raises` and `guard` are
    the operation's.
    """

    place: Place
    entry: str
    kind: OperationKind
    reads: tuple[Location, ...] = ()
    writes: tuple[Location, ...] = ()
    raises: tuple[str, ...] = ()
    guard: bool = False


@dataclass(frozen=True, slots=True)
class LazyQuery:
    """A queryset that a step binds to a local name without evaluating it."""

    name: str
    place: Place
    reads: tuple[Location, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The steps inside a compound statement."""

    kind: BlockKind
    steps: tuple["Step", ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One statement.

    Attributes:
        id: `line:column` of the statement; unique in its function.
        binds: locals it binds in its own header (assignment targets, loop targets, `as` names).
        uses: locals read by its own header's expressions (a compound statement's blocks are not counted), those that
            lambdas and comprehensions in it capture included.
        mutates: locals whose objects it may change (attribute or item assignment, method calls that are not known to
            leave the object alone, arguments of unknown calls).
            What a step fetches lazily (a relation, `request.user`, a queryset's rows) stands here too, under a path
            with dots or colons such as `request.user.profile`; who needs no query because of it has it in `uses`.
        transparent: it can neither raise nor be noticed: building a lazy queryset from names, attributes known not to
            query and constants, assigning a constant or a name. Such a step may change places with I/O.
        effects: locations that its code touches other than by its operations (a global, session items, messages).
        atomic: for `with`, it opens a database transaction.
        text: its first line, for people.
    """

    id: str
    place: Place
    kind: StepKind
    text: str
    binds: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    mutates: tuple[str, ...] = ()
    operations: tuple[Operation, ...] = ()
    lazy: tuple[LazyQuery, ...] = ()
    effects: tuple[Location, ...] = ()
    transparent: bool = False
    atomic: bool = False
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Decorator:
    """A decorator on a function, on a view's class or around a view in the URLconf.

    `safety` says whether it serves an `async def` in this version of Django: Django's own are judged by their source;
    one of another package or of the project is not known to, and `unknown` is one whose name leads nowhere.
    """

    name: str
    safety: DecoratorSafety
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A place outside the function that names it, and what kind of code that is.

    `function` is the `Function.id` in which it stands; `kind` is `view` inside a view or a function only views reach,
    `test` in a test module, `module` at module level (imports are not counted), else `function`. `called`: it is called
    there, not only named.
    """

    place: Place
    kind: ReferenceKind
    function: str | None = None
    called: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the survey could not read or understand; `code` is a reason code with a docs page."""

    code: str
    text: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method of the project that a view is, or reaches.

    Attributes:
        id: `module:qualified.name`.
        place: the whole definition, decorators included.
        parameters: names in order.
        reads, writes, raises: what it and everything it calls does, to a fixpoint.
        obstacles: what keeps it from being rewritten (a generator, `locals()`, nested definitions that do I/O, …).
        references: where else it is named; a conversion in place is right only if every caller is converted.
    """

    id: str
    name: str
    place: Place
    parameters: tuple[str, ...]
    steps: tuple[Step, ...]
    is_async: bool = False
    is_method: bool = False
    decorators: tuple[Decorator, ...] = ()
    reads: tuple[Location, ...] = ()
    writes: tuple[Location, ...] = ()
    raises: tuple[str, ...] = ()
    obstacles: tuple[Problem, ...] = ()
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """What rendering a template does by itself: lazy relations it walks, querysets it makes, context processors."""

    name: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One way to reach a view."""

    pattern: str
    name: str | None


@dataclass(frozen=True, slots=True)
class View:
    """A view that the URLconf reaches; `id` is its dotted path, `function` the `Function.id` where it has source.

    `effects` are positions in `Survey.effects`: all that a request to it may do, helpers and templates followed.
    `handlers` are, of a class-based view, the ids of the project's methods that answer its requests.
    `obstacles` are what keeps it from answering asynchronously, besides its function and its decorators.
    """

    id: str
    kind: ViewKind
    routes: tuple[Route, ...]
    place: Place | None = None
    function: str | None = None
    decorators: tuple[Decorator, ...] = ()
    problems: tuple[Problem, ...] = ()
    effects: tuple[int, ...] = ()
    handlers: tuple[str, ...] = ()
    obstacles: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Database:
    """One alias of DATABASES."""

    alias: str
    engine: str


@dataclass(frozen=True, slots=True)
class Project:
    """The facts of the loaded project.

    Attributes:
        root: absolute path of the folder that holds manage.py.
        settings_files: source files of the settings, relative to root, in import order, those of the project only.
        asgi_file: the module behind ASGI_APPLICATION or `<package>/asgi.py`, relative to root, or None.
    """

    root: str
    settings: str
    settings_files: tuple[str, ...]
    asgi_file: str | None
    django: str
    python: str
    databases: tuple[Database, ...]
    middleware: tuple[str, ...]
    installed_apps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """Everything the survey found.

    `findings` are the linter's, sorted by place, in all async code of the project; `effects` the views', without
    duplicates.
    """

    project: Project
    views: tuple[View, ...]
    functions: tuple[Function, ...]
    templates: tuple[Template, ...] = ()
    problems: tuple[Problem, ...] = ()
    files: tuple["SourceFile", ...] = ()
    findings: tuple[Finding, ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file the survey read, with the SHA-256 of its bytes, so that a change since can be noticed, and its lines."""

    path: str
    sha256: str
    lines: int = 0
