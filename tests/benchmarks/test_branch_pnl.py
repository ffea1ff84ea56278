"""The branch P&L over a million journal items: a constant number of queries, no long wait."""

import branch_pnl
import pytest

INDEX = "account_move_line_branch_period"
SECONDS = 2.0  # of the best of three runs; other work on the machine is not measured
QUERIES = 20
# What PostgreSQL reckons for reading two years of a million items is about 60,000.
COST = 150_000


@pytest.fixture(scope="module")
def results():
    """{question: what was measured}."""
    return {result["question"]: result for result in branch_pnl.run()}


def test_first_page(results):
    """A month is read out of the index alone, at once."""
    first = results["first page: a month"]
    assert first["seconds"] < SECONDS
    for plan in first["plans"].values():
        assert INDEX in plan["index_only"], plan


def test_every_question(results):
    """So is everything else that the screen offers, however much there is to read."""
    for result in results.values():
        assert result["seconds"] < SECONDS, result
        assert result["tied"], result
        for plan in result["plans"].values():
            assert plan["cost"] < COST, result


def test_queries_are_constant(results):
    """A year with two comparisons takes no more queries than a month."""
    counts = {label: result["queries"] for label, result in results.items()}
    assert max(counts.values()) <= QUERIES, counts
    month, year = "first page: a month", "a year, compared twice"
    assert counts[month] == counts[year], counts
