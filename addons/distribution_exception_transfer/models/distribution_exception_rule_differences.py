from odoo import api, models
from odoo.tools import SQL

from odoo.addons.distribution_exception.models.detector import Detector

from .distribution_exception_rule import TRANSFER, now_sql

# The moment a due date is over, in the time zone of a company's partner `zone`.
DAY_IS_OVER = SQL(
    """((d.date_due + 1)::timestamp AT TIME ZONE COALESCE(zone.tz, 'UTC')
        AT TIME ZONE 'UTC')"""
)
OPEN_DISCREPANCY = SQL("d.state IN ('open', 'waiting', 'requested')")


class DistributionExceptionRule(models.Model):
    """What is found in transfers that arrived, or should not have left like that."""

    _inherit = "distribution.exception.rule"

    @api.model
    def _detectors(self):
        return [
            *super()._detectors(),
            Detector(
                code="transfer_unreconciled",
                model=TRANSFER,
                name=self.env._("Transfer is not reconciled"),
                measure=self.env._("days since it was received"),
                query="_query_transfer_unreconciled",
                resolve="_resolve_transfer_unreconciled",
                resolve_label=self.env._("Reconcile"),
            ),
            Detector(
                code="transfer_discrepancy",
                model="distribution.transfer.discrepancy",
                name=self.env._("Discrepancy is past due"),
                measure=self.env._("days past due"),
                query="_query_transfer_discrepancy",
                resolve="_resolve_transfer_discrepancy",
                resolve_label=self.env._("Settle"),
            ),
            Detector(
                code="transfer_emergency",
                model=TRANSFER,
                name=self.env._("Emergency transfer is not reviewed"),
                measure=self.env._("days since it was asked for"),
                query="_query_transfer_emergency",
                resolve="_resolve_open",
                resolve_label=self.env._("Open the transfer to review it"),
            ),
            Detector(
                code="transfer_balance",
                model="distribution.lane",
                name=self.env._("Transit location differs from the transfers"),
                measure=self.env._("units that differ"),
                query="_query_transfer_balance",
                resolve="_resolve_transfer_balance",
                resolve_label=self.env._("Compare"),
            ),
        ]

    def _query_transfer_unreconciled(self, only):
        """Transfers that are received and not closed.

        The receiver acts. Measured are whole days since the last goods were received; at
        risk is the value of the differences that are open. It is too late when the first
        of them is past due.
        """
        return SQL(
            """
            SELECT r.id AS res_id, r.company_id, r.destination_branch_id AS branch_id,
                   r.name || ' · ' || lane.name AS label,
                   FLOOR(EXTRACT(EPOCH FROM %(now)s - r.received_date) / 86400) AS measure,
                   found.value AS amount, found.due AS too_late_at,
                   CASE WHEN r.state = 'reconciled' THEN %(close)s
                        ELSE FORMAT(%(differences)s, found.number) END AS detail
              FROM distribution_transfer r
              JOIN distribution_lane lane ON lane.id = r.lane_id
              JOIN res_company company ON company.id = r.company_id
              JOIN res_partner zone ON zone.id = company.partner_id
        CROSS JOIN LATERAL (
                   SELECT COUNT(*) AS number, SUM(d.value) AS value, MIN(%(over)s) AS due
                     FROM distribution_transfer_discrepancy d
                    WHERE d.transfer_id = r.id AND %(open)s) found
             WHERE %(only)s AND r.state IN ('received', 'reconciled')
               AND r.received_date <= %(now)s
            """,
            now=now_sql(),
            only=only,
            over=DAY_IS_OVER,
            open=OPEN_DISCREPANCY,
            close=self.env._("No difference is open: it only has to be closed."),
            differences=self.env._("Differences that are open: %s.", "%s"),
        )

    def _query_transfer_discrepancy(self, only):
        """Differences whose due date is over and that are not settled.

        The branch that bears the loss acts: the receiver where it is at fault, else the
        sender; and the difference's owner. Measured are whole days since the end of the
        due date, at risk is the value.
        """
        return SQL(
            """
            SELECT r.id AS res_id, r.company_id, r.fault_branch_id AS branch_id,
                   CONCAT_WS(' · ', r.name, transfer.name, %(product)s)
                       AS label,
                   FLOOR(EXTRACT(EPOCH FROM %(now)s - due.moment) / 86400) AS measure,
                   r.value AS amount, due.moment AS too_late_at, r.user_id,
                   r.note AS detail, template.categ_id AS category_id
              FROM distribution_transfer_discrepancy r
              JOIN distribution_transfer_discrepancy d ON d.id = r.id AND %(open)s
              JOIN distribution_transfer transfer ON transfer.id = r.transfer_id
              JOIN product_product product ON product.id = r.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN res_company company ON company.id = r.company_id
              JOIN res_partner zone ON zone.id = company.partner_id
        CROSS JOIN LATERAL (SELECT %(over)s AS moment) due
             WHERE %(only)s AND due.moment <= %(now)s
            """,
            now=now_sql(),
            only=only,
            product=self.env["product.template"]._field_to_sql("template", "name"),
            over=DAY_IS_OVER,
            open=OPEN_DISCREPANCY,
        )

    def _query_transfer_emergency(self, only):
        """Emergencies that went ahead and that nobody has reviewed.

        The sender acts. Measured are whole days since the transfer was made; at risk is
        its value, which counts against the cap of the lane until then. Nothing becomes too
        late.
        """
        return SQL(
            """
            SELECT r.id AS res_id, r.company_id, r.source_branch_id AS branch_id,
                   r.name || ' · ' || lane.name AS label,
                   FLOOR(EXTRACT(EPOCH FROM %(now)s - r.create_date) / 86400) AS measure,
                   r.value AS amount, NULL::timestamp AS too_late_at, r.reason_note AS detail
              FROM distribution_transfer r
              JOIN distribution_lane lane ON lane.id = r.lane_id
             WHERE %(only)s AND r.emergency_review = 'pending' AND r.state <> 'cancelled'
            """,
            now=now_sql(),
            only=only,
        )

    def _query_transfer_balance(self, only):
        """Lanes whose transit location does not hold what transfers say.

        It is of no branch: somebody moved goods past the transfers. Measured are the units
        of all products, at risk is their value, each without its sign.
        """
        return SQL(
            """
            SELECT r.id AS res_id, r.company_id, r.name AS label,
                   SUM(ABS(said.difference)) AS measure,
                   SUM(ABS(said.difference_value)) AS amount,
                   NULL::timestamp AS too_late_at, FORMAT(%(products)s, COUNT(*)) AS detail
              FROM distribution_lane r
              JOIN (%(balance)s) said ON said.lane_id = r.id AND said.is_different
             WHERE %(only)s GROUP BY r.id
            """,
            only=only,
            balance=self.env["distribution.transit.balance"]._table_query,
            products=self.env._("Products that differ: %s.", "%s"),
        )
