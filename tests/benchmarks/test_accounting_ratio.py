"""Naming the branch of everything costs next to nothing where orders become invoices."""

import pytest
from contest import Contest, assert_within_limit
from database import names_without_demo
from operations import BOOKED
from sizes import Sizes

LIMIT = 1.05
# All but the books by branch, and the application, which installs them.
WITHOUT = [
    name
    for name in names_without_demo()
    if "accounting" not in name and name != "distribution"
]


@pytest.fixture(scope="module")
def contest():
    """The suite without and with branch accounting."""
    with Contest(Sizes.small(), against=WITHOUT, limit=LIMIT) as contest:
        yield contest


@pytest.mark.parametrize("operation", BOOKED)
def test_query_ratio(contest, operation):
    """Counts vary little, so one repetition will do; the times are not looked at."""
    assert_within_limit(contest, operation)
