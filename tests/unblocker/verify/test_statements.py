import pytest

from unblocker.verify.protocol import Statement
from unblocker.verify.statements import compare_writes, is_read, reads, writes


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT "a"."updated" FROM "a"',
        "  (SELECT 1) UNION (SELECT 2)",
        "WITH x AS (SELECT 1) SELECT * FROM x",
        "EXPLAIN SELECT 1",
    ],
)
def test_reads(sql: str) -> None:
    assert is_read(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO a VALUES (1)",
        "SELECT * FROM a FOR UPDATE",
        "SELECT * FROM a FOR NO KEY UPDATE OF a",
        "WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x",
        "SELECT nextval('a_id_seq')",
        "SELECT pg_advisory_xact_lock(1)",
        'SAVEPOINT "s1_x1"',
        "TRUNCATE a",
    ],
)
def test_writes(sql: str) -> None:
    assert not is_read(sql)


def test_savepoints_are_named_without_their_thread() -> None:
    one, other = (
        writes([Statement("default", f'SAVEPOINT "s{thread}_x1"', "None", True)])
        for thread in (140001, 250002)
    )
    assert one == other


def savepoints(*numbers: int) -> list[str]:
    return writes(
        [Statement("default", f'SAVEPOINT "s1_x{each}"', "None", True) for each in numbers]
    )


def test_savepoints_are_counted_from_the_first_of_the_request() -> None:
    assert savepoints(1, 2, 1) == savepoints(5, 6, 5)


def test_one_savepoint_is_not_another() -> None:
    assert savepoints(1, 2, 1) != savepoints(1, 2, 2)


def test_statements_of_two_databases_are_not_the_same() -> None:
    one, other = (reads([Statement(alias, "SELECT 1", "()", False)]) for alias in ("default", "b"))
    assert one != other


def test_an_order_is_told_as_one() -> None:
    finding = compare_writes(["a", "b"], ["b", "a"])
    assert finding
    assert finding.text == "the same writes in another order"
    assert (finding.before, finding.after) == ("a\nb", "b\na")
