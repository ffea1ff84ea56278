from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.sql import column_exists, create_column

# What finds lines that a customer waits for.
LATE = ("sale_late", "sale_partial", "sale_backorder")
# Changes of a confirmed line that rules look at.
WATCHED = {"product_uom_qty", "price_unit", "discount"}
# What is known of orders confirmed before the addon came.
PROMISES_OF_THE_PAST = """
    UPDATE sale_order_line l SET first_promised_at = COALESCE(
           o.commitment_date, o.date_order + l.customer_lead * INTERVAL '1 day')
      FROM sale_order o
     WHERE o.id = l.order_id AND o.state = 'sale' AND l.display_type IS NULL"""


class SaleOrderLine(models.Model):
    """A line keeps the date the customer was first told: service is measured by it."""

    _inherit = "sale.order.line"

    # Computed before it is created, so no default of a client becomes a promise.
    first_promised_at = fields.Datetime(
        string="First Promised",
        compute="_compute_first_promised_at",
        store=True,
        precompute=True,
        copy=False,
        help="When the customer was first told to have the goods: the delivery date of the "
        "order when it was first confirmed or, without one, the lead time after that; for "
        "a line added later, the date then. Nothing moves it afterwards.",
    )

    _exception_open_idx = models.Index(
        "(id) WHERE state = 'sale' AND product_uom_qty > qty_delivered"
    )

    def _auto_init(self):
        # Orders of the past get theirs in one statement, not line by line.
        if not column_exists(self.env.cr, self._table, "first_promised_at"):
            create_column(self.env.cr, self._table, "first_promised_at", "timestamp")
            self.env.cr.execute(PROMISES_OF_THE_PAST)
        return super()._auto_init()

    @api.depends("state")
    def _compute_first_promised_at(self):
        for line in self:
            promise = line._origin.first_promised_at
            if not promise and line.state == "sale" and not line.display_type:
                promise = line.order_id.commitment_date or line._expected_date()
            line.first_promised_at = promise

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._ensure_keeps(vals)
        lines = super().create(vals_list)
        lines._recheck_exceptions()
        return lines

    def write(self, vals):
        self._ensure_keeps(vals)
        result = super().write(vals)
        if WATCHED & vals.keys():
            self._recheck_exceptions()
        return result

    def _ensure_keeps(self, vals):
        """What is kept is computed, and written by nobody: it does not pass here."""
        if "first_promised_at" in vals:
            raise UserError(
                self.env._("The date first promised to the customer never changes.")
            )

    def _recheck_exceptions(self):
        """Have the rules look at these lines again; quotations are nothing to them."""
        lines = self.filtered(lambda line: line.state in ("sale", "cancel"))
        self.env["distribution.exception"]._recheck(self._name, lines.ids)

    def _late_dates(self):
        """{id of a line: date now expected} of lines that are late or incomplete."""
        # As superuser: what a customer is told of an order does not depend on who tells it.
        exceptions = self.env["distribution.exception"].sudo()
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        domain += [("state", "=", "open"), ("rule_id.detector", "in", LATE)]
        return dict(exceptions._read_group(domain, ["res_id"], ["expected_at:max"]))
