"""One person cannot do two segregated duties by doing them in the same moment."""

from worker_process import play


def test_two_duties_of_one_user_on_one_document(server):
    """One is done; the other waits, is run again, and is refused and recorded so."""
    (refused, performed), log = play("duties", server)
    assert performed[1] == "performed", log[-3000:]
    assert refused[1] == "refused", log[-3000:]
    assert {refused[0], performed[0]} == {"receive", "bill"}
    assert "must not do" in log
