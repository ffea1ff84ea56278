"""Sweeps and rechecks at once, and a sweep that dies: nothing twice, nothing lost."""

import pytest
from exceptions_worker import RECORDS, WINDOW
from worker_process import play


@pytest.fixture(scope="module")
def scenes(server):
    """What came of each scene."""
    return play("exceptions", server)[0]


def test_two_sweeps_at_once(scenes):
    """Each record has one exception, which opened once."""
    scene = scenes["two_sweeps"]
    assert scene["rows"] == scene["records"] == scene["open"] == RECORDS, scene
    assert scene["opened"] == RECORDS, scene


def test_a_sweep_during_changes(scenes):
    """What was put right meanwhile is closed, once, whoever saw it first."""
    scene = scenes["sweep_meets_changes"]
    assert scene["rows"] == RECORDS, scene
    assert scene["open"] == scene["truth"] == RECORDS * 2 // 3, scene
    assert scene["closed"] == RECORDS - scene["truth"], scene


def test_a_killed_sweep(scenes):
    """Whole windows are kept, the rest is found by the next sweep; nothing opens twice."""
    scene = scenes["killed_sweep"]
    assert scene["after_death"] == 2 * WINDOW, scene
    assert scene["rows"] == scene["open"] == scene["opened"] == RECORDS, scene
