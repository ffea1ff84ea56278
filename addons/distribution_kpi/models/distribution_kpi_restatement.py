from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded

from .distribution_kpi_version import ALWAYS


class DistributionKpiRestatement(models.Model):
    """Days that are measured once more, because of a new definition or corrected records.

    A job works on it day by day and goes on where it was stopped. Each day gets a new
    measuring; the old figures are kept and no longer count.
    """

    _name = "distribution.kpi.restatement"
    _description = "Restatement of KPIs"
    _inherit = ["distribution.guarded.mixin"]
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    kpi_ids = fields.Many2many("distribution.kpi", string="KPIs", required=True)
    day_from = fields.Date(string="From", required=True)
    day_to = fields.Date(string="To", required=True)
    by_current = fields.Boolean(
        string="By Today's Definition",
        help="Otherwise each day is measured by the definition that was in force on it.",
    )
    reason = fields.Char(required=True, help="Shown with each figure that it replaces.")
    user_id = fields.Many2one(
        "res.users", string="Asked By", required=True, ondelete="restrict"
    )
    next_day = fields.Date(help="The day that the job measures next.")
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Done")], required=True, default="waiting"
    )
    progress = fields.Float(
        compute="_compute_progress", help="Percent of the days that are done."
    )
    failed_kpi_ids = fields.Many2many(
        "distribution.kpi",
        "distribution_kpi_restatement_failed_rel",
        string="Failed KPIs",
        help="They keep the figures they had on the days that failed.",
    )

    @api.depends("day_from", "kpi_ids")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for restatement in self:
            restatement.display_name = self.env._(
                "%(first)s to %(last)s",
                first=format_date(self.env, restatement.day_from),
                last=format_date(self.env, restatement.day_to),
            )

    @api.depends("next_day", "day_from", "day_to")
    def _compute_progress(self):
        for restatement in self:
            days = (restatement.day_to - restatement.day_from).days + 1
            restatement.progress = 100.0 * (days - restatement._days_open()) / days

    def _days_open(self):
        self.ensure_one()
        return max((self.day_to - self.next_day).days + 1, 0)

    @api.model
    def _waiting(self):
        # As superuser: the job works for everybody.
        return self.sudo().search([("state", "=", "waiting")], order="id")

    @api.model
    def _days_left(self):
        return sum(restatement._days_open() for restatement in self._waiting())

    @api.model
    def _go_on(self):
        """Measure what waits, a day a transaction, until the time of the job is up."""
        for restatement in self._waiting():
            while restatement.state == "waiting":
                restatement._restate_day()
                if not self.env["ir.cron"]._commit_progress(1):
                    return

    def _restate_day(self):
        self.ensure_one()
        day = self.next_day
        failed = self._measure_day(day)
        following = day + timedelta(days=1)
        guarded(self).write(
            {
                "next_day": following,
                "state": "waiting" if following <= self.day_to else "done",
                "failed_kpi_ids": [(4, kpi.id) for kpi in failed],
            }
        )

    def _measure_day(self, day):
        """Measure one day; the KPIs that failed."""
        kpis = self.kpi_ids._measurable(self.kpi_ids)
        today = fields.Date.context_today(self)
        versions = kpis._version_on(today if self.by_current else day)
        failed = kpis.browse()
        for zone, company_ids in kpis._company_zones(self.company_id).items():
            for kpi in kpis:
                version = versions[kpi.id]
                if not kpi._measure(day, zone, company_ids, version, self.reason):
                    failed |= kpi
        return failed


class DistributionKpi(models.Model):
    _inherit = "distribution.kpi"

    def _restate(self, day_from, day_to, reason, by_current=False):
        """Have days measured once more; a job does it, day by day.

        :param day_from, day_to: dates, included, that are over
        :param reason: why, in words
        :param by_current: by today's definition rather than by that of each day
        :return: the restatement
        """
        if day_from > day_to:
            raise UserError(
                self.env._("The first day of a restatement is after its last day.")
            )
        if day_from < ALWAYS:
            raise UserError(
                self.env._(
                    "No definition is that old: a restatement begins on %(day)s or later.",
                    day=format_date(self.env, ALWAYS),
                )
            )
        self._ensure_over(day_to)
        Restatement = self.env["distribution.kpi.restatement"]
        restatement = guarded(Restatement).create(
            {
                "company_id": self.env.company.id,
                "kpi_ids": [(6, 0, self.ids)],
                "day_from": day_from,
                "day_to": day_to,
                "next_day": day_from,
                "state": "waiting",
                "failed_kpi_ids": [],
                "by_current": by_current,
                "reason": reason,
                "user_id": self.env.uid,
            }
        )
        self.env.ref("distribution_kpi.ir_cron_measure")._trigger()
        return restatement.with_env(self.env)
