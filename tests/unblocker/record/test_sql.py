"""What of a statement is recorded: never a literal, always its tables."""

import pytest

from unblocker.record.agent.sql import described, shortened, without_literals


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ('SELECT 1 FROM "a" WHERE "x" = %s', 'SELECT ? FROM "a" WHERE "x" = ?'),
        ("SELECT * FROM a WHERE x = 'ann''s' AND y = 'b'", "SELECT * FROM a WHERE x = ? AND y = ?"),
        (r"SELECT * FROM a WHERE x = E'it\'s' AND y = 2", "SELECT * FROM a WHERE x = ? AND y = ?"),
        (
            "SELECT * FROM a WHERE x = $$ann$$ OR y = $t$b$t$",
            "SELECT * FROM a WHERE x = ? OR y = ?",
        ),
        ("SELECT * FROM a WHERE x > -1.5e3 AND y2 = 7", "SELECT * FROM a WHERE x > ? AND y2 = ?"),
        ("SELECT * FROM a WHERE x IN (%s, %s, %s)", "SELECT * FROM a WHERE x IN (…)"),
        ("SELECT * FROM a WHERE x IN (1, 'b')", "SELECT * FROM a WHERE x IN (…)"),
        ("INSERT INTO a (x, y) VALUES (%s, %s), (%s, %s)", "INSERT INTO a (x, y) VALUES (…)"),
        ("SELECT 1 /* ann@example.com */ -- ann\nFROM a", "SELECT ? FROM a"),
        ("SELECT %(name)s", "SELECT ?"),
    ],
)
def test_literals_are_left_out(sql: str, expected: str) -> None:
    assert without_literals(sql, "postgresql") == expected


def test_in_mysql_double_quotes_are_literals_too() -> None:
    assert without_literals('SELECT `x` FROM `a` WHERE `x` = "ann"', "mysql") == (
        "SELECT `x` FROM `a` WHERE `x` = ?"
    )
    assert '"ann"' in without_literals('SELECT "ann" FROM a', "postgresql")


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ('SELECT "a"."x" FROM "a" INNER JOIN "b" ON ("a"."x" = "b"."y")', ("a", "b")),
        ("INSERT INTO `a` (`x`) VALUES (%s)", ("a",)),
        ('UPDATE "a" SET "x" = (SELECT U0."y" FROM "b" U0)', ("a", "b")),
        ('DELETE FROM ONLY "a b" WHERE 1 = 1', ("a b",)),
        ('SELECT * FROM "a" FOR UPDATE OF "a"', ("a",)),
        ("SELECT * FROM (SELECT 1 FROM app.c) t", ("app.c",)),
        ("SELECT 'drawn FROM hat'", ()),
        ("SELECT * FROM generate_series(1, 2)", ()),
    ],
)
def test_tables_are_named(sql: str, tables: tuple[str, ...]) -> None:
    assert described(sql, "postgresql")[2] == tables


@pytest.mark.parametrize(
    ("sql", "kind", "label"),
    [
        ('SAVEPOINT "s12_x3"', "transaction", "SAVEPOINT"),
        ('RELEASE SAVEPOINT "s12_x3"', "transaction", "RELEASE"),
        ("SET TIME ZONE 'UTC'", "transaction", "SET"),
        ("SELECT 1", "query", "SELECT ?"),
        ("UPDATE a SET x = 1", "query", "UPDATE a SET x = ?"),
    ],
)
def test_what_keeps_a_transaction_is_no_query(sql: str, kind: str, label: str) -> None:
    assert described(sql, "postgresql")[:2] == (kind, label)


def test_long_lists_of_columns_are_left_out() -> None:
    columns = ", ".join(f'"a"."column_{number}"' for number in range(9))
    assert shortened(f'SELECT {columns} FROM "a" WHERE "a"."id" = ?') == (
        "SELECT … FROM a WHERE a.id = ?"
    )
    assert shortened('SELECT "x" FROM "a"') == "SELECT x FROM a"
    assert len(shortened("SELECT " + "x " * 1000)) == 300
