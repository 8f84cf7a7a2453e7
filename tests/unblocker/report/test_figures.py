import pytest

from unblocker.report.figures import count, division, milliseconds, plural, ratio


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "-"), (0, "0"), (4.24, "4.2"), (9.96, "10"), (412.4, "412"), (1240.0, "1,240")],
)
def test_milliseconds(value, shown):
    assert milliseconds(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "-"), (1.0, "1.0x"), (31.75, "31.8x"), (99.96, "100x")]
)
def test_ratio(value, shown):
    assert ratio(value) == shown


def test_count_groups_thousands():
    assert count(12040) == "12,040"


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0 views"), (1, "1 view"), (1200, "1,200 views")]
)
def test_plural(number, shown):
    assert plural(number, "view") == shown


@pytest.mark.parametrize(
    ("dividend", "divisor", "quotient"), [(6, 3, 2), (None, 3, None), (6, None, None), (6, 0, None)]
)
def test_division_of_what_is_missing_is_missing(dividend, divisor, quotient):
    assert division(dividend, divisor) == quotient
