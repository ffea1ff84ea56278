from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded

# Who opens each board.
OPENED_BY = {
    "executive": "administrator",
    "operations": "network_planner",
    "branch": "branch_manager",
    "regional": "administrator",
    "sales": "branch_operator",
    "buyer": "central_buyer",
    "warehouse": "branch_operator",
    "finance": "finance_controller",
    "planner": "network_planner",
}


class BoardTours(HttpCase):
    """One action on each board, by somebody of its role."""

    def setUp(self):
        super().setUp()
        region = self.env["distribution.region"].create(
            {"name": "Tour Region", "code": "TR"}
        )
        self.north, self.west = self.env["distribution.branch"].create(
            [
                {"name": name, "code": code, "region_id": region.id}
                for name, code in (("Tour North", "TNOR"), ("Tour West", "TWES"))
            ]
        )
        self.partner = self.env["res.partner"].create(
            {"name": "Tour customer", "customer_rank": 1}
        )
        self.rule = self.env["distribution.exception.rule"].create(
            {
                "name": "Customer waits",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain": "[('id', '=', 0)]",
                "severity": "2",
                "role_ids": [
                    Command.link(self.env.ref(f"distribution_base.group_{role}").id)
                    for role in set(OPENED_BY.values())
                ],
            }
        )
        now = fields.Datetime.now()
        # Else a board without exceptions has nothing to say yet.
        self.rule.swept_at = now
        guarded(self.env["distribution.exception"]).create(
            {
                "rule_id": self.rule.id,
                "res_model": "res.partner",
                "res_id": self.partner.id,
                "partner_id": self.partner.id,
                "name": "Tour customer",
                "company_id": self.env.company.id,
                "branch_id": self.north.id,
                "severity": "2",
                "amount": 500,
                "stake": 500,
                "opened_at": now,
                "too_late_at": now + timedelta(hours=5),
            }
        )

        Kpi = self.env["distribution.kpi"]
        self.kpi = Kpi.search([("code", "=", "line_fill_rate")])
        self._measure(self.kpi)

    def _tour(self, code):
        board = self.env["distribution.board"].search([("code", "=", code)])
        board.figure_ids.unlink()
        board.write(
            {
                "rule_ids": self.rule.ids,
                "figure_ids": [Command.create({"kpi_id": self.kpi.id})],
            }
        )
        role = OPENED_BY[code]
        login = f"tour_{code}"
        new_test_user(
            self.env,
            login=login,
            password=login,
            groups=f"distribution_base.group_{role}",
            branch_ids=self.north.ids,
        )
        self.start_tour(
            f"/odoo/control-tower?board={code}",
            f"distribution_board_{code}",
            login=login,
        )

    def _measure(self, kpi):
        """A figure of yesterday."""
        day = fields.Date.context_today(kpi) - timedelta(days=1)
        values = {
            "kpi_id": kpi.id,
            "version_id": kpi.version_id.id,
            "company_id": self.env.company.id,
            "day": day,
        }
        run = guarded(self.env["distribution.kpi.run"]).create(values)
        self.env.flush_all()
        self.env.cr.execute(
            """INSERT INTO distribution_kpi_snapshot (
                      run_id, kpi_id, version_id, company_id, branch_id, day,
                      dimension, is_state, scale, numerator, denominator, value)
               VALUES (%s, %s, %s, %s, %s, %s, 'branch', FALSE, 100, 9, 10, 90)""",
            [run.id, kpi.id, run.version_id.id, run.company_id.id, self.north.id, day],
        )

    def _taken(self):
        return self.env["distribution.exception"].search(
            [("rule_id", "=", self.rule.id)]
        )

    def _check_tours(self):
        self._tour("executive")
        self._tour("regional")
        self._tour("sales")
        self._tour("warehouse")
        self._tour("finance")
        self._tour("branch")
        self._tour("operations")
        self.assertEqual(self._taken().user_id.login, "tour_operations")
        self._tour("planner")
        self.assertEqual(self._taken().user_id.login, "tour_planner")
        self._tour("buyer")
        self.assertEqual(self._taken().snooze_reason, "The vendor is closed today")


@tagged("post_install", "-at_install")
class TestBoardTours(BoardTours):
    browser_size = "1400x900"

    def test_one_action_on_each_board(self):
        self._check_tours()


@tagged("post_install", "-at_install")
class TestBoardToursOnAPhone(BoardTours):
    browser_size = "400x860"
    touch_enabled = True

    def test_one_action_on_each_board_at_400_pixels(self):
        self._check_tours()


def _suite_id(name):
    """The id that Hoot gives to a suite: a hash of its name."""
    value = 0
    for char in name:
        value = ((value << 5) - value + ord(char)) & 0xFFFFFFFF
    return f"{value:08x}"


@tagged("post_install", "-at_install")
class TestBoardUnits(HttpCase):
    """In a window of the size that the runner expects, which is that of Odoo's tests."""

    def test_units_in_the_browser(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            f"&id={_suite_id('@distribution_dashboard')}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
        )
