"""A document that needs no approval costs hardly more than without the engine."""

import pytest
from contest import FOUNDATION, Contest, assert_within_limit
from operations import GATED
from sizes import Sizes


@pytest.fixture(scope="module")
def contest():
    """The suite without approvals, and with policies in force that nothing reaches."""
    with Contest(Sizes.small(), against=FOUNDATION) as contest:
        yield contest


@pytest.mark.parametrize("operation", GATED)
def test_query_ratio(contest, operation):
    """Counts vary little, so one repetition will do; the times are not looked at."""
    assert_within_limit(contest, operation)
