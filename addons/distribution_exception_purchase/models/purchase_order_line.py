from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What an overdue receipt or a moved date is told from.
WATCHED = {"date_planned", "product_qty", "price_unit", "discount"}


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    first_confirmed_date = fields.Datetime(
        readonly=True,
        copy=False,
        help="The expected arrival when the order was first confirmed, or when the line was "
        "added to a confirmed order. It stays the same when the vendor's date moves, and "
        "when the order is cancelled and confirmed once more.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # Never chosen, neither by the values nor by a default.
        vals_list = [{**vals, "first_confirmed_date": False} for vals in vals_list]
        lines = super().create(vals_list)
        lines.filtered(
            lambda line: line.state == "purchase"
        )._keep_first_confirmed_date()
        return lines

    def write(self, vals):
        if "first_confirmed_date" in vals:
            raise UserError(
                self.env._(
                    "The first confirmed date of a line is the expected arrival when its "
                    "order was confirmed. Change the expected arrival instead."
                )
            )
        result = super().write(vals)
        if WATCHED & vals.keys():
            self._recheck_lines()
        return result

    def _recheck_lines(self):
        self.env["distribution.exception"]._recheck(self._name, self.ids)

    def _is_to_ask_for(self):
        """Whether goods are still to come that are late, or later than first confirmed."""
        self.ensure_one()
        first, now = self.first_confirmed_date, fields.Datetime.now()
        moved = first and self.date_planned and self.date_planned > first
        late = self.date_planned and self.date_planned < now
        # As the rules do: what was closed short, or sent back, is not waited for.
        is_open = any(
            move.state not in ("done", "cancel") and not move.origin_returned_move_id
            for move in self.move_ids
        )
        return is_open and self.product_qty > self.qty_received and bool(moved or late)

    def _keep_first_confirmed_date(self):
        """Keep the expected arrival of lines that have none kept.

        One statement for all of them, past `write`, which refuses everybody.
        """
        lines = self.filtered(
            lambda line: line.date_planned and not line.first_confirmed_date
        )
        if not lines:
            return
        lines.flush_recordset(["date_planned"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE purchase_order_line SET first_confirmed_date = date_planned
                 WHERE id IN %s AND first_confirmed_date IS NULL
                """,
                lines._ids,
            )
        )
        lines.invalidate_recordset(["first_confirmed_date"], flush=False)
        lines.modified(["first_confirmed_date"])
