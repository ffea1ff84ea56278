from odoo.tests import HttpCase, tagged

from .common import ApprovalCase


def _suite_id(path):
    """What the test runner of the browser calls a suite: a hash of its path."""
    number = 0
    for char in path:
        number = ((number << 5) - number + ord(char)) & 0xFFFFFFFF
    return f"{number:08x}"


@tagged("post_install", "-at_install")
class TestApprovalTours(HttpCase, ApprovalCase):
    """The screens as people use them, and the unit tests of what runs in the browser."""

    def test_decide_from_the_systray(self):
        self._policy()
        first = self._order(self.olga, 1200, name="Tour order 1")
        second = self._order(self.olga, 3400, name="Tour order 2")
        self._ask(first)
        self._ask(second)
        self.start_tour("/odoo", "distribution_approval_decide", login="bea")
        self.assertEqual(first.state, "done")
        self.assertEqual(self._request(first).decision_ids.user_id, self.bea)
        rejected = self._request(second)
        self.assertEqual(rejected.state, "rejected")
        self.assertEqual(rejected.decision_ids.reason, "We have enough of it")

    def test_write_a_policy_by_hand(self):
        self.start_tour(
            "/odoo/approval-policies", "distribution_approval_policy", login="boss"
        )
        policy = self.Policy.search([("name", "=", "Tour policy")])
        self.assertEqual(policy.state, "active")
        bands = policy.rule_ids.band_ids.sorted("has_lower")
        self.assertEqual(bands.mapped("upper"), [2500, 0])
        self.assertEqual(bands.mapped("lower"), [0, 2500])
        self.assertEqual(bands[1].step_ids.group_id, self.managers)

    def test_units_in_the_browser(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            f"&id={_suite_id('@distribution_approval')}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
        )
