from tools.markdown_table import markdown_table


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert markdown_table(("what", "count"), [("kills", "3"), ("restarts", "12")]) == [
        "| what     | count |",
        "|----------|-------|",
        "| kills    | 3     |",
        "| restarts | 12    |",
    ]


def test_a_table_without_rows_is_its_head() -> None:
    assert markdown_table(("what",), []) == ["| what |", "|------|"]


def test_a_bar_in_a_cell_does_not_end_it() -> None:
    assert markdown_table(("a",), [("x|y",)])[2] == r"| x\|y |"
