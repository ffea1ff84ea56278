"""A day that two jobs measure at once has its figures once, and no KPI is said to fail."""

from worker_process import play


def test_two_jobs_measure_one_day(server):
    """One measuring of each KPI counts; who came second goes on."""
    told, _log = play("kpis", server)
    assert told["kpis"] == 3, told
    assert told["finished"] == 2, told
    assert told["failed"] == [], told
    assert told["runs"] == told["current"] == 3, told
