import json

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.distribution_exception.models.detector import Detector


class DistributionExceptionRule(models.Model):
    _inherit = "distribution.exception.rule"

    @api.model
    def _detectors(self):
        return [
            *super()._detectors(),
            Detector(
                code="kpi_failed",
                model="distribution.kpi",
                name=self.env._("KPI failed"),
                measure=self.env._("failures"),
                query="_query_kpi_failed",
                resolve="_resolve_open",
                resolve_label=self.env._("Open the KPI"),
            ),
        ]

    def _query_kpi_failed(self, only):
        """KPIs whose last measuring failed, and those that cannot be measured here.

        The former are late from the first day without a figure. Nothing is lost by the
        latter: they stand at the end, until somebody archives them.
        """
        names = {
            kpi.code: kpi.name._translate(self.env.lang or "en_US")
            for kpi in self.env["distribution.kpi.facts"]._kpis()
        }
        return SQL(
            """SELECT r.id AS res_id, NULL::int AS company_id,
                      COALESCE(%s::jsonb ->> r.code, r.code) AS label,
                      1 AS measure, r.failed_at AS too_late_at, r.failure AS detail,
                      CASE WHEN r.state = 'unavailable' THEN 0 END AS amount
                 FROM distribution_kpi r
                WHERE %s AND r.active AND r.state IN ('failed', 'unavailable')""",
            json.dumps(names),
            only,
        )
