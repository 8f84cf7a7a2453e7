"""The traps, read from the docstrings of the project's views: what is asked of each, and what the tool decides."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from unblocker.records.traffic import Request

PROJECT = Path(__file__).parent / "project"
_ASK = re.compile(r"(?:(\w+) )?(GET|POST) (\d+)(\?\S+)?(?: ([^\s>]+))? -> (\d+)")


@dataclass(frozen=True, slots=True)
class Ask:
    """A request to a trap and the status that the old code answers it with."""

    request: Request
    status: int


@dataclass(frozen=True, slots=True)
class Trap:
    """A view that a careless conversion would get wrong.

    Attributes:
        family: its module.
        says: what would go wrong.
        asks: its requests, in order; the state that one leaves is the next one's.
        decided: the plan's verdict; `overlaps` where something in it runs at the same time, or the codes of why it
            is not converted.
    """

    family: str
    name: str
    says: str
    asks: tuple[Ask, ...]
    decided: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.family}.{self.name}"


def all_traps() -> tuple[Trap, ...]:
    """Every trap, in the order of the modules and of their source."""
    modules = sorted((PROJECT / "traps").glob("[a-z]*.py"))
    return tuple(trap for module in modules for trap in _traps_of(module))


def _traps_of(module: Path) -> list[Trap]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    definitions = [one for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)]
    told = [(one.name, ast.get_docstring(one) or "") for one in definitions]
    return [_trap(module.stem, name, text) for name, text in told if "asks: " in text]


def _trap(family: str, name: str, text: str) -> Trap:
    says, _, rest = text.partition("\n")
    asks, _, decided = rest.partition("decided: ")
    listed = asks.replace("asks: ", "").split(";")
    made = tuple(_ask(f"/{family}/{name}", one) for one in listed)
    return Trap(family, name, says, made, tuple(decided.replace(",", " ").split()))


def _ask(folder: str, text: str) -> Ask:
    match = _ASK.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{folder}: not a request and its status: {text.strip()}")
    user, method, pk, query, data, status = match.groups()
    fields = dict(parse_qsl(data or "", keep_blank_values=True))
    request = Request(method, f"{folder}/{pk}/{query or ''}", as_user=user, data={**fields})
    return Ask(request, int(status))
