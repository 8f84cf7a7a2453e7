"""Rows as a Markdown table whose columns are aligned, so that it can be read in a terminal too."""

from collections.abc import Iterable, Sequence


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The table's lines; a bar in a cell is escaped."""
    cells = [[cell.replace("|", "\\|") for cell in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    first, *others = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    return [first, "|" + "|".join("-" * (width + 2) for width in widths) + "|", *others]
