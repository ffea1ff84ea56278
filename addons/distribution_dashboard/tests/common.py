from datetime import timedelta

from odoo import Command, fields

from odoo.addons.distribution_accounting.tests.common import AccountingCase
from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded


class BoardCase(AccountingCase):
    """Boards over figures and exceptions that the tests make.

    A rule `rule` over transfers of goods, seen by branch managers and operators, finds
    what `_trouble` makes of a sales order line: an exception of a branch with money at
    risk and hours left. `_measured` gives a KPI a value on each day of the last weeks in
    a branch. `_board(user, code, **filters)` is what that user gets.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Board = cls.env["distribution.board"]
        cls.env["distribution.exception.rule"].search([]).action_archive()
        cls.rule = cls.env["distribution.exception.rule"].create(
            {
                "name": "Order line is in trouble",
                "model_id": cls.env["ir.model"]._get_id("sale.order.line"),
                "domain": "[('id', '=', 0)]",
                "severity": "2",
                "role_ids": [
                    Command.link(cls.env.ref(f"distribution_base.group_{role}").id)
                    for role in ("branch_operator", "branch_manager")
                ],
            }
        )
        cls.kpi = cls._kpi("line_fill_rate")
        cls.board_branch = cls.env.ref("distribution_dashboard.board_branch")
        cls.board_branch.figure_ids.unlink()
        cls.board_branch.figure_ids = [Command.create({"kpi_id": cls.kpi.id})]

    @classmethod
    def _kpi(cls, code):
        return cls.env["distribution.kpi"].search([("code", "=", code)])

    def _board(self, user, code="branch", **filters):
        return self.Board.with_user(user).get_board(code, filters)

    def _trouble(self, branch, amount=100.0, hours=10, **values):
        """An open exception about an order line of a branch."""
        line = self._sell(self.env.user, branch, 1, confirm=False).order_line
        now = fields.Datetime.now()
        Exceptions = self.env["distribution.exception"]
        return guarded(Exceptions).create(
            {
                "rule_id": self.rule.id,
                "res_model": line._name,
                "res_id": line.id,
                "name": line.order_id.name,
                "company_id": self.company.id,
                "branch_id": branch.id,
                "severity": "2",
                "amount": amount,
                "stake": amount,
                "opened_at": now,
                "too_late_at": now + timedelta(hours=hours),
                **values,
            }
        )

    def _measured(self, branch, numerator, denominator=100, days=40, kpi=None):
        """The KPI was numerator / denominator in a branch on each of the last days."""
        kpi = kpi or self.kpi
        today = fields.Date.context_today(self.Board)
        for number in range(1, days + 1):
            self._measure_day(
                kpi, branch, today - timedelta(days=number), numerator, denominator
            )
        self.env["distribution.kpi.snapshot"].invalidate_model()

    def _measure_day(self, kpi, branch, day, numerator, denominator):
        version = kpi.version_id.id
        Run = self.env["distribution.kpi.run"]
        run = Run.search(
            [("kpi_id", "=", kpi.id), ("day", "=", day), ("is_current", "=", True)]
        ) or guarded(Run).create(
            {
                "kpi_id": kpi.id,
                "version_id": version,
                "company_id": self.company.id,
                "day": day,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            """INSERT INTO distribution_kpi_snapshot (
                      run_id, kpi_id, version_id, company_id, branch_id, region_id, day,
                      dimension, is_state, scale, numerator, denominator, value)
               VALUES (%s, %s, %s, %s, %s, %s, %s, 'branch', FALSE, 100, %s, %s, %s)""",
            [
                *(run.id, kpi.id, version, self.company.id, branch.id),
                *(branch.region_id.id, day, numerator, denominator),
                100 * numerator / denominator,
            ],
        )
