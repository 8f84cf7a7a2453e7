"""The project's settings for the tool: `[tool.django-unblock]` in its pyproject.toml, checked."""

import re
import tomllib
from configparser import ConfigParser
from configparser import Error as IniError
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from unblocker.errors import UnblockError
from unblocker.records.places import Place
from unblocker.records.survey import OperationKind

type Milliseconds = Annotated[float, msgspec.Meta(ge=0)]


SETTINGS_VARIABLE = "DJANGO_SETTINGS_MODULE"
_INI_FILES = (
    ("pytest.ini", "pytest"),
    (".pytest.ini", "pytest"),
    ("tox.ini", "pytest"),
    ("setup.cfg", "tool:pytest"),
)


class Costs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The cost model: milliseconds per operation, by kind, and how many turns a loop is taken to make.

    The defaults are those of a database in the same data centre and of other people's APIs across the internet.
    """

    query: Milliseconds = 5.0
    http: Milliseconds = 100.0
    mail: Milliseconds = 200.0
    storage: Milliseconds = 80.0
    cache: Milliseconds = 1.0
    subprocess: Milliseconds = 50.0
    sleep: Milliseconds = 100.0
    cpu: Milliseconds = 50.0
    loop_turns: Annotated[int, msgspec.Meta(ge=1)] = 5

    def of(self, kind: OperationKind) -> float:
        """Milliseconds of one operation; 0 for kinds that are made of others (templates, helpers, transactions)."""
        match kind:
            case "template" | "helper" | "transaction":
                return 0.0
            case _:
                return float(getattr(self, kind))


class BenchEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"as_user": "as"}):
    """One request to be measured; `view` is the view it reaches, `as` the user who makes it."""

    view: str
    path: str
    method: str = "GET"
    as_user: str | None = None
    data: dict[str, str] = {}
    files: dict[str, dict[str, str]] = {}


class Demo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How `django-unblock demo` and `bench` run the project with everything around it on loopback.

    Attributes:
        prepare: management commands that fill the empty database.
        test: the management command that runs the project's own tests.
        wsgi, asgi: the applications, `module:attribute`.
        upstream: an ASGI application that plays the outbound APIs; "" for none.
        headline: the path that is also measured on the rival servers.
        environment: variables for the project, `{database.port}` and the like filled in.
    """

    wsgi: str
    asgi: str
    prepare: tuple[str, ...] = ("migrate --noinput",)
    test: str = "test"
    upstream: str = ""
    upstream_delay_ms: float = 0.0
    database_delay_ms: float = 0.0
    smtp_delay_ms: float = 0.0
    s3_bucket: str = ""
    headline: str = "/"
    environment: dict[str, str] = {}
    bench: tuple[BenchEntry, ...] = ()


class Lint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which rules of the linter hold: those of `select`, or all where it is empty, without those of `ignore`."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[tool.django-unblock]`; everything has a default.

    Attributes:
        settings: the settings module; manage.py's is taken where it is not given.
        traffic: a JSON-lines file of requests for verify, relative to the project's root.
        mail: `background` sends mail behind the response, `await` in its place (code U501).
        loops: `overlap` starts the calls of a loop ahead of their turns, `eager` also where the loop may end early,
            `serial` leaves loops alone (code U502).
    """

    settings: str | None = None
    traffic: str | None = None
    mail: Literal["background", "await"] = "background"
    loops: Literal["overlap", "eager", "serial"] = "overlap"
    costs: Costs = Costs()
    lint: Lint = Lint()
    demo: Demo | None = None


def load_config(root: Path) -> Config:
    """The configuration of the project at `root`; the defaults where it has none.

    Raises:
        UnblockError: pyproject.toml is not TOML (U001), or the section has unknown keys or wrong types (U002).
    """
    path = root / "pyproject.toml"
    if not path.is_file():
        return Config()
    section = read_toml(path).get("tool", {}).get("django-unblock", {})
    try:
        return msgspec.convert(section, Config)
    except msgspec.ValidationError as error:
        raise UnblockError(
            "U002",
            f"[tool.django-unblock] in {path}: {error}",
            hint="The reference of commands and settings in the documentation lists the keys.",
        ) from None


def settings_of_pytest(root: Path) -> str | None:
    """DJANGO_SETTINGS_MODULE as the files say that pytest-django reads; None where they name none.

    Raises:
        UnblockError: pyproject.toml is not TOML, or can't be read (U001).
    """
    pyproject = root / "pyproject.toml"
    if pyproject.is_file():
        pytest = read_toml(pyproject).get("tool", {}).get("pytest", {})
        options = pytest.get("ini_options", pytest)
        named = options.get(SETTINGS_VARIABLE) if isinstance(options, dict) else None
        if isinstance(named, str):
            return named
    for name, section in _INI_FILES:
        parser = ConfigParser(interpolation=None, strict=False)
        try:
            parser.read(root / name, encoding="utf-8")
        except (IniError, UnicodeDecodeError):
            continue
        if parser.has_option(section, SETTINGS_VARIABLE):
            return parser.get(section, SETTINGS_VARIABLE)
    return None


def read_toml(path: Path) -> dict[str, dict[str, dict[str, object]]]:
    """The file's content.

    Raises:
        UnblockError: it is not TOML, or can't be read (U001).
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnblockError("U001", f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        # The line is an attribute only from Python 3.14 on.
        told = re.search(r"at line (\d+)", str(error))
        line = int(told[1]) if told else 1
        raise UnblockError(
            "U001",
            f"this is not TOML: {error}",
            place=Place(str(path), line, 0, line, 0),
            hint="Mend the file; nothing was read from it.",
        ) from None
