import pytest

from unblocker.records.survey import Location


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Location("table", "a"), Location("table", "a"), True),
        (Location("table", "a"), Location("table", "b"), False),
        (Location("table", "a"), Location("table"), True),
        (Location("host"), Location("host", "api"), True),
        (Location("table", "a"), Location("mail"), False),
        (Location("unknown"), Location("mail"), True),
        (Location("mail"), Location("unknown"), True),
    ],
)
def test_locations_overlap_unless_they_are_known_to_differ(
    one: Location, other: Location, *, expected: bool
) -> None:
    assert one.overlaps(other) is expected
    assert other.overlaps(one) is expected
