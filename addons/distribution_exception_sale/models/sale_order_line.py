from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column


class SaleOrderLine(models.Model):
    """A line keeps the date the customer was first told: service is measured by it."""

    _inherit = "sale.order.line"

    first_promised_at = fields.Datetime(
        string="First Promised",
        compute="_compute_first_promised_at",
        store=True,
        precompute=True,
        copy=False,
        help="When the customer was first told to have the goods: the delivery date of the "
        "order when it was first confirmed or, without one, the lead time after that. A "
        "line added later has the date it was added with. Later changes of the delivery "
        "date do not move it.",
    )

    def _auto_init(self):
        # Orders of the past get theirs in one statement, not line by line.
        if not column_exists(self.env.cr, self._table, "first_promised_at"):
            create_column(self.env.cr, self._table, "first_promised_at", "timestamp")
            self.env.cr.execute(self._query_promises_of_the_past())
        return super()._auto_init()

    @api.depends("state")
    def _compute_first_promised_at(self):
        for line in self:
            promise = line._origin.first_promised_at
            if not promise and line.state == "sale" and not line.display_type:
                promise = line.order_id.commitment_date or line._expected_date()
            line.first_promised_at = promise

    @api.model
    def default_get(self, fields):
        """Defaults of a new line. A default of a client is no promise."""
        defaults = super().default_get(fields)
        defaults.pop("first_promised_at", None)
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._ensure_keeps_promise(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._ensure_keeps_promise(vals)
        return super().write(vals)

    def _ensure_keeps_promise(self, vals):
        """The first promise is computed, and written by nobody: it does not pass here."""
        if "first_promised_at" in vals:
            raise UserError(
                self.env._(
                    "The date first promised to the customer is kept as it was when the "
                    "order was confirmed. Change the delivery date of the order instead."
                )
            )

    @api.model
    def _query_promises_of_the_past(self):
        """What is known of orders confirmed before the addon came."""
        return SQL(
            """
            UPDATE sale_order_line l
               SET first_promised_at = COALESCE(
                       o.commitment_date,
                       o.date_order + l.customer_lead * INTERVAL '1 day'
                   )
              FROM sale_order o
             WHERE o.id = l.order_id
               AND o.state = 'sale'
               AND l.display_type IS NULL
            """
        )
