"""How numbers are written, the same in the terminal and on the page."""

NOTHING = "-"


def milliseconds(value: float | None) -> str:
    """`4.2`, `412`, `1,240`: one decimal below ten, none above or for 0; a dash for None."""
    return NOTHING if value is None else _three_digits(value)


def rate(value: float | None) -> str:
    """Requests per second, written like milliseconds."""
    return NOTHING if value is None else _three_digits(value)


def ratio(value: float | None) -> str:
    """`3.4x`, `112x`: how many times better; a dash for None."""
    if value is None:
        return NOTHING
    return f"{value:.1f}x" if value < 99.95 else f"{value:,.0f}x"


def count(value: int | None) -> str:
    """`12,040`; a dash for None."""
    return NOTHING if value is None else f"{value:,}"


def plural(number: int, noun: str, nouns: str = "") -> str:
    """`1 difference`, `3 differences`; `nouns` where the plural is not the noun with an s."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def division(dividend: float | None, divisor: float | None) -> float | None:
    """The quotient, or None where one of the two is missing or the divisor is zero."""
    return None if dividend is None or not divisor else dividend / divisor


def _three_digits(value: float) -> str:
    return f"{value:.1f}" if 0 < abs(value) < 9.95 else f"{value:,.0f}"
