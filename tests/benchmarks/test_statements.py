"""Statements are the same one where only values, columns and branch rules differ."""

from contest import Result
from statements import differences, normalise


def test_values_and_columns_are_left_out():
    """One more column, or another number of values, is no other statement."""
    few = 'SELECT "t"."id" FROM "t" WHERE "t"."id" IN (%s) LIMIT 80'
    more = (
        'SELECT "t"."id", "t"."name"->>%s FROM "t" WHERE "t"."id" IN (%s, %s) LIMIT 8'
    )
    assert normalise(few) == normalise(more).replace("%s…", "%s")
    assert normalise('INSERT INTO "t" ("a") VALUES %s') == (
        normalise('INSERT INTO "t" ("a", "b") VALUES %s')
    )


def test_conditions_of_branch_rules_are_left_out():
    """The rules of the suite change statements, which is not one more statement."""
    plain = 'SELECT "t"."id" FROM "t" WHERE "t"."company_id" IN %s ORDER BY "t"."id"'
    ruled = (
        'SELECT "t"."id" FROM "t" WHERE ("t"."company_id" IN %s AND ("t"."branch_id" '
        'IN %s OR "t"."branch_id" IS NULL)) ORDER BY "t"."id"'
    )
    assert normalise(plain) == normalise(ruled)


def test_savepoints_are_one_statement():
    """Their names are drawn by lot."""
    first = normalise('SAVEPOINT "9d6f0a2c-1d9e-11f0-9a5e-0242ac110002"')
    assert first == normalise('SAVEPOINT "0b0f0a2c-1d9e-11f0-9a5e-0242ac110002"')


def test_differences_are_sorted():
    """What the suite asks more often comes first, what it asks as often is left out."""
    stock, suite = {"a": 1, "b": 2, "c": 3}, {"a": 4, "b": 2, "d": 1}
    assert differences(stock, suite) == [(3, "a"), (1, "d"), (-3, "c")]


def test_the_limit_is_seen():
    """A result over the limit says so."""
    result = Result("x", "x")
    result.queries = {"stock": [100], "suite": [110]}
    assert not result.is_over
    result.queries["suite"] = [111]
    assert result.is_over
