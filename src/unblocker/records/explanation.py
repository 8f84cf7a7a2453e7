"""What `explain` says of a traceback: the expression that it comes from, why, and what to do."""

from dataclasses import dataclass

from unblocker.records.places import Place


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing that mends it: a sentence, and the code to write where that can be said."""

    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """An error that is understood.

    Attributes:
        code: stable code with a docs page.
        error: the exception as its last line tells it.
        place: the expression in the project's own code; a whole line where only that is known, None without any.
        line: the source of that line, stripped.
        expression: the source of the expression at fault; empty where it could not be told from the rest of the line.
        function: the function in which it stands.
        fixes: the best first.
    """

    code: str
    title: str
    error: str
    place: Place | None
    line: str
    expression: str
    function: str
    why: str
    fixes: tuple[Fix, ...]


@dataclass(frozen=True, slots=True)
class Unexplained:
    """An error that is none of those known, and the innermost line of the project in its traceback."""

    error: str
    place: Place | None
    line: str


@dataclass(frozen=True, slots=True)
class Explanations:
    """Everything found in one text, in its order, each once."""

    explained: tuple[Explanation, ...]
    unexplained: tuple[Unexplained, ...] = ()
