"""Errors that are told to the user without a traceback, each with a code that has a docs page."""

from unblocker.records.places import Place


class UnblockError(Exception):
    """Says what happened, where, and what to do; the command line prints it and exits with 2.

    Attributes:
        code: stable code, `U…`, with a page in docs/codes.
        text: what happened, naming the thing.
        place: where in the project's source, if it is about a place.
        hint: what to do about it.
    """

    def __init__(self, code: str, text: str, *, place: Place | None = None, hint: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        hint = f"\n{self.hint}" if self.hint else ""
        return f"{self.code} {where}{self.text}{hint}"
