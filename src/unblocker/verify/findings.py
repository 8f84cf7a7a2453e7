"""The findings that verify can have: one code for each aspect that it compares."""

from dataclasses import dataclass

from unblocker.records.evidence import Aspect

CODES: dict[Aspect, str] = {
    "status": "U701",
    "redirect": "U702",
    "headers": "U703",
    "cookies": "U704",
    "body": "U705",
    "exception": "U706",
    "mail": "U707",
    "outbound": "U708",
    "reads": "U709",
    "writes": "U710",
    "tables": "U711",
    "sequences": "U712",
    "files": "U713",
    "templates": "U714",
    "context": "U715",
    "answer": "U716",
    "cache": "U717",
    "logs": "U718",
    "tasks": "U719",
    "signals": "U760",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One aspect in which two observations of the same request differ, with excerpts of both.

    `trial` tells under which trial they do; "" where they do without any.
    """

    aspect: Aspect
    text: str
    before: str
    after: str
    trial: str = ""

    @property
    def code(self) -> str:
        """The code of its docs page."""
        return CODES[self.aspect]
