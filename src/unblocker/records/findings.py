"""What the linter found in async code that exists already."""

from dataclasses import dataclass

from unblocker.records.places import Place


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that fails, blocks the event loop or gains nothing in async code.

    Attributes:
        code: the rule's, with a page in docs/codes.
        text: what is wrong, in one line.
        place: the expression that is to be changed; for a setting, the settings file's first line.
        fix: what to write instead, in one line.
    """

    code: str
    text: str
    place: Place
    fix: str
