"""Where in a traffic file something is wrong."""

import re

from unblocker.records.places import Place

_AT = re.compile(r"\(byte (\d+)\)")


def line_of(file: str, number: int) -> Place:
    """The line of that number, from 1 on."""
    return Place(file, number, 0, number + 1, 0)


def place_of(file: str, data: bytes, offset: int) -> Place:
    """The line that has this byte."""
    return line_of(file, data.count(b"\n", 0, max(0, offset)) + 1)


def place_of_error(file: str, data: bytes, error: Exception) -> Place:
    """The line at which msgspec stopped: where it says none, the data ended too soon."""
    at = _AT.search(str(error))
    return place_of(file, data, int(at[1]) if at else len(data.rstrip()))
