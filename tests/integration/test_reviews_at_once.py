"""A review that is opened by several at once is there once."""

from worker_process import play


def test_jobs_and_button_open_one_pack(server):
    """One review, whose figures were frozen once, whoever came first."""
    told, _log = play("reviews", server)
    assert told["reviews"] == 1, told
    assert told["figures"][0] >= 1, told
    assert all("already open" in words for words in told["refused"]), told
