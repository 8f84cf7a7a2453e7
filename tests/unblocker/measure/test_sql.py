import pytest

from unblocker.measure.sql import LONGEST, main_table, shorten

COLUMNS = ", ".join(f'"shop_product"."column_{number}"' for number in range(20))


def test_a_list_of_columns_is_left_out() -> None:
    sql = f'SELECT {COLUMNS} FROM "shop_product" WHERE "shop_product"."id" = %s'
    assert shorten(sql) == "SELECT … FROM shop_product WHERE shop_product.id = %s"


@pytest.mark.parametrize(
    ("sql", "short"),
    [
        ('SELECT COUNT(*) AS "__count" FROM "a"', "SELECT COUNT(*) AS __count FROM a"),
        ("SELECT 1", "SELECT 1"),
        ('SAVEPOINT "s1"', "SAVEPOINT s1"),
        ("SELECT a\n  FROM b", "SELECT a FROM b"),
        ('DELETE FROM "a" WHERE "a"."id" IN (%s)', "DELETE FROM a WHERE a.id IN (%s)"),
    ],
)
def test_what_is_short_stays(sql: str, short: str) -> None:
    assert shorten(sql) == short


def test_what_is_still_too_long_is_cut() -> None:
    text = shorten(f"UPDATE a SET {'x' * 500}")
    assert len(text) == LONGEST
    assert text.endswith("…")


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        (f'SELECT {COLUMNS} FROM "shop_product" INNER JOIN "shop_brand" ON (1=1)', "shop_product"),
        ('INSERT INTO "a_b" ("x") VALUES (%s)', "a_b"),
        ('UPDATE "a" SET "x" = 1', "a"),
        ('DELETE FROM "a"', "a"),
        ('SELECT "a"."x" FROM "a" FOR UPDATE', "a"),
        ('SELECT 1 FROM "other"."a"', "other"),
        ("COMMIT", ""),
        ("SELECT 1", ""),
    ],
)
def test_the_main_table(sql: str, table: str) -> None:
    assert main_table(sql) == table
