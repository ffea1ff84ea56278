from odoo import api, models
from odoo.tools import SQL

from odoo.addons.distribution_exception.models.detector import Detector


class DistributionExceptionRule(models.Model):
    """Branches that are not set up so that exceptions reach somebody in time."""

    _inherit = "distribution.exception.rule"

    @api.model
    def _detectors(self):
        return [
            *super()._detectors(),
            Detector(
                code="branch_without_manager",
                model="distribution.branch",
                name=self.env._("Branch has no manager"),
                measure=self.env._("branches"),
                query="_query_branch_without_manager",
                resolve="_resolve_open",
                resolve_label=self.env._("Name a manager"),
            ),
            Detector(
                code="branch_without_hours",
                model="distribution.branch",
                name=self.env._("Branch has no opening hours"),
                measure=self.env._("branches"),
                query="_query_branch_without_hours",
                resolve="_resolve_open",
                resolve_label=self.env._("Set opening hours"),
            ),
        ]

    def _query_branch_without_manager(self, only):
        """Branches whose exceptions have no manager to go to, or one who has left."""
        manager = "(SELECT id FROM res_users WHERE id = r.manager_id AND active)"
        return self._branches_lacking(only, SQL(manager))

    def _query_branch_without_hours(self, only):
        """Branches whose due dates count by the clock, nights and Sundays too."""
        return self._branches_lacking(only, SQL("r.calendar_id"))

    def _branches_lacking(self, only, column):
        return SQL(
            """SELECT r.id AS res_id, r.company_id, r.id AS branch_id, r.name AS label,
                      1 AS measure, 0 AS amount, NULL::timestamp AS too_late_at
                 FROM distribution_branch r
                WHERE %s AND r.active AND %s IS NULL""",
            only,
            column,
        )
