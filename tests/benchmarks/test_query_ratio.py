"""With the suite installed, no operation needs many more queries than stock Odoo."""

import pytest
from contest import Contest, assert_within_limit
from operations import OPERATIONS
from sizes import Sizes


@pytest.fixture(scope="module")
def contest():
    """Two small databases with the same data."""
    with Contest(Sizes.small()) as contest:
        yield contest


def test_same_data(contest):
    """What is compared is the same: a difference would make the ratios worthless."""
    facts = contest.facts()
    assert facts["stock"] == facts["suite"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_query_ratio(contest, operation):
    """Counts vary little, so one repetition will do; the times are not looked at."""
    assert_within_limit(contest, operation)
