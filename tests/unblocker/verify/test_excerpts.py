from unblocker.verify.excerpts import MAX_LINES, MAX_WIDTH, differing_lines, listed


def test_only_what_differs_is_shown() -> None:
    before, after = differing_lines("a\nb\nc\nd", "a\nx\nc\nd\ne")
    assert (before, after) == ("b", "x\ne")


def test_long_lines_are_cut_to_their_difference() -> None:
    same = "s" * 5000
    before, after = differing_lines(f"{same}old", f"{same}new")
    assert before.endswith("old")
    assert after.endswith("new")
    assert len(before) < MAX_WIDTH


def test_many_lines_are_counted() -> None:
    shown = listed(str(number) for number in range(MAX_LINES + 3)).splitlines()
    assert len(shown) == MAX_LINES + 1
    assert shown[-1] == "… 3 more"


def test_equal_texts_have_no_difference() -> None:
    assert differing_lines("a\nb", "a\nb") == ("", "")
