"""Exceptions that opened and closed in the past weeks. Needs the suite.

No rule looked then. What it would have found is told by the documents: an order line that
left a day late was late from the hour at which it should have left until it did.
"""

from collections import namedtuple
from datetime import timedelta

from odoo.tools import SQL

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded

from .tools import stream
from .writer import Writer

Past = namedtuple(
    "Past", "id label amount partner category branch user measure due end"
)
# One in so many was taken by somebody before it closed.
TAKEN = 2
SALES = """
    SELECT line.id, sale.name || ' · ' || SPLIT_PART(line.name, E'\\n', 1),
           line.price_subtotal, sale.partner_id, template.categ_id, line.branch_id,
           sale.user_id, 24 * (MAX(move.date)::date - line.first_promised_at::date),
           line.first_promised_at - INTERVAL '4 hours', MAX(move.date)
      FROM sale_order_line line
      JOIN sale_order sale ON sale.id = line.order_id
      JOIN product_product product ON product.id = line.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
      JOIN stock_move move ON move.sale_line_id = line.id AND move.state = 'done'
     WHERE line.qty_delivered >= line.product_uom_qty
  GROUP BY line.id, sale.id, template.id
    HAVING MAX(move.date)::date > line.first_promised_at::date
  ORDER BY line.id"""
PURCHASES = """
    SELECT line.id, purchase.name || ' · ' || SPLIT_PART(line.name, E'\\n', 1),
           line.price_subtotal, purchase.partner_id, template.categ_id, line.branch_id,
           purchase.user_id, MAX(move.date)::date - line.date_planned::date,
           line.date_planned + INTERVAL '1 day', MAX(move.date)
      FROM purchase_order_line line
      JOIN purchase_order purchase ON purchase.id = line.order_id
      JOIN product_product product ON product.id = line.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
      JOIN stock_move move ON move.purchase_line_id = line.id AND move.state = 'done'
     WHERE line.qty_received >= line.product_qty
  GROUP BY line.id, purchase.id, template.id
    HAVING MAX(move.date) > line.date_planned + INTERVAL '1 day'
  ORDER BY line.id"""
TRANSFERS = """
    SELECT transfer.id, transfer.name || ' · ' || lane.name, transfer.value, NULL::int,
           NULL::int, transfer.destination_branch_id, NULL::int,
           FLOOR(EXTRACT(EPOCH FROM transfer.received_date - due.at) / 3600),
           due.at + INTERVAL '2 hours', transfer.received_date
      FROM distribution_transfer transfer
      JOIN distribution_lane lane ON lane.id = transfer.lane_id
CROSS JOIN LATERAL (SELECT COALESCE(transfer.latest_arrival_date, transfer.arrival_date)
                        AS at) due
     WHERE transfer.received_date > due.at + INTERVAL '2 hours'
  ORDER BY transfer.id"""
# (detector, what it would have found, what was done about it)
FINDINGS = (
    ("sale_late", SALES, "Shipped with the next round."),
    ("purchase_late", PURCHASES, "The vendor was called."),
    ("transfer_arrive", TRANSFERS, "The carrier was called."),
)


class PastExceptionWriter(Writer):
    theme = "exceptions of the past"

    def run(self):
        if not self.plan.sales:
            return
        self._rng = stream(self.plan.settings, "past exceptions")
        for detector, query, done in FINDINGS:
            rule = self.env["distribution.exception.rule"].search(
                [("detector", "=", detector)], limit=1
            )
            self.env.flush_all()
            rows = [Past(*row) for row in self.env.execute_query(SQL(query))]
            self._write(rule, rows, done)

    def _write(self, rule, rows, done):
        taken = [not self._rng.randrange(TAKEN) for _row in rows]
        regions = {x.id: x.region_id.id for x in self.book.branches.values()}
        owner = self.book.user("buyer").id
        exceptions = guarded(self.env["distribution.exception"]).create(
            [
                {
                    "rule_id": rule.id,
                    "res_model": rule.model,
                    "res_id": row.id,
                    "name": row.label,
                    "company_id": self.company.id,
                    "branch_id": row.branch,
                    "region_id": regions.get(row.branch, False),
                    "category_id": row.category,
                    "partner_id": row.partner,
                    "severity": rule.severity,
                    "measure": float(row.measure or 0),
                    "amount": float(row.amount or 0),
                    "stake": float(row.amount or 0),
                    "too_late_at": row.due,
                    "state": "closed",
                    "opened_at": row.due,
                    "due_at": row.due + timedelta(hours=rule.hours_to_act),
                    "closed_at": row.end,
                    "close_hours": (row.end - row.due).total_seconds() / 3600,
                    "user_id": row.user or (owner if is_taken else False),
                    "acknowledged_at": is_taken and row.due + (row.end - row.due) / 3,
                    "action_taken": done if is_taken else False,
                }
                for row, is_taken in zip(rows, taken, strict=True)
            ]
        )
        self._write_events(exceptions, done)

    def _write_events(self, exceptions, done):
        values = []
        for one in exceptions:
            kinds = [("opened", one.opened_at, False)]
            if one.acknowledged_at:
                kinds.append(("taken", one.acknowledged_at, False))
                kinds.append(("action", one.acknowledged_at, done))
            kinds.append(("closed", one.closed_at, False))
            for kind, moment, note in kinds:
                by_hand = kind in ("taken", "action")
                values.append(
                    {
                        "exception_id": one.id,
                        "at": moment,
                        "kind": kind,
                        "user_id": one.user_id.id if by_hand else False,
                        "note": note,
                    }
                )
        guarded(self.env["distribution.exception.event"]).create(values)
