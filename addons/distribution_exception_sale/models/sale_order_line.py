from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

# Kept by the system alone: computed, and so never among the values that are written.
KEPT = {"first_promised_at", "pricelist_price"}
# Changes of a confirmed line that rules look at.
WATCHED = {"product_uom_qty", "price_unit", "discount", "purchase_price"}


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

    pricelist_price = fields.Float(
        compute="_compute_pricelist_price",
        store=True,
        precompute=True,
        copy=False,
        min_display_digits="Product Price",
        help="What the pricelist of the order asked for one unit when the order was "
        "confirmed, in the currency of the order. 0 before that.",
    )

    _undelivered_idx = models.Index(
        "(id) WHERE state = 'sale' AND product_uom_qty > qty_delivered"
    )

    def _auto_init(self):
        # Orders of the past get theirs in one statement, not line by line.
        if not column_exists(self.env.cr, self._table, "first_promised_at"):
            create_column(self.env.cr, self._table, "first_promised_at", "timestamp")
            self.env.cr.execute(self._query_promises_of_the_past())
        # Nobody knows what pricelists said then.
        if not column_exists(self.env.cr, self._table, "pricelist_price"):
            create_column(self.env.cr, self._table, "pricelist_price", "numeric")
        return super()._auto_init()

    @api.depends("state")
    def _compute_first_promised_at(self):
        for line in self:
            promise = line._origin.first_promised_at
            if not promise and line.state == "sale" and not line.display_type:
                promise = line.order_id.commitment_date or line._expected_date()
            line.first_promised_at = promise

    @api.depends("state", "product_id", "product_uom_id")
    def _compute_pricelist_price(self):
        sold = self.filtered(
            lambda line: line.state == "sale" and line._has_list_price()
        )
        (self - sold).pricelist_price = 0.0
        # Orders that are confirmed together have the same date: their rules are read once.
        groups = sold.grouped(
            lambda x: (x.order_id.pricelist_id, x.order_id.date_order)
        )
        for (pricelist, date), lines in groups.items():
            rules = pricelist._get_applicable_rules(lines.product_id, date)
            for line in lines:
                line.pricelist_price = line._price_by(rules)

    def _has_list_price(self):
        """Whether the pricelist has a say: not in combos, down payments and expenses."""
        special = self.combo_item_id or self.is_downpayment or self.is_expense
        return bool(self.product_id and self.product_uom_id and not special)

    def _price_by(self, rules):
        """The price of one unit by the first of these pricelist rules that applies."""
        line = self.with_company(self.company_id)
        product, order = line.product_id, line.order_id
        product = product.with_context(**line._get_product_price_context())
        quantity = line.product_uom_id._compute_quantity(
            line.product_uom_qty, product.uom_id, raise_if_failure=False
        )
        applies = (rule for rule in rules if rule._is_applicable_for(product, quantity))
        price = next(applies, rules.browse())._compute_price(
            product,
            line.product_uom_qty,
            line.product_uom_id,
            # Rates are by day: by the second, one would be looked up for each order.
            fields.Date.to_date(order.date_order),
            currency=line.currency_id,
        )
        return product._get_tax_included_unit_price_from_price(
            price,
            product.taxes_id._filter_taxes_by_company(line.company_id),
            fiscal_position=order.fiscal_position_id,
        )

    @api.model
    def default_get(self, fields):
        """Defaults of a new line. A default of a client is no promise, and no price."""
        defaults = super().default_get(fields)
        return {name: value for name, value in defaults.items() if name not in KEPT}

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
        if KEPT & vals.keys():
            raise UserError(
                self.env._(
                    "The date first promised to the customer and the price of the "
                    "pricelist are kept as they were when the order was confirmed."
                )
            )

    def _recheck_exceptions(self):
        """Have the rules look at these lines again; quotations are nothing to them."""
        lines = self.filtered(lambda line: line.state in ("sale", "cancel"))
        self.env["distribution.exception"]._recheck(self._name, lines.ids)

    def _open_exceptions(self, *detectors):
        """{id of a line: date now expected} of open exceptions of these detectors."""
        # As superuser: what a customer is told of an order does not depend on who tells it.
        found = self.env["distribution.exception"].sudo()
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        domain += [("state", "=", "open"), ("rule_id.detector", "in", detectors)]
        found = found.search(domain, order="expected_at NULLS FIRST, id")
        return {one.res_id: one.expected_at for one in found}

    @api.model
    def _query_promises_of_the_past(self):
        """What is known of orders confirmed before the addon came."""
        return SQL(
            """UPDATE sale_order_line l SET first_promised_at = COALESCE(
                      o.commitment_date, o.date_order + l.customer_lead * INTERVAL '1 day')
                 FROM sale_order o WHERE o.id = l.order_id AND o.state = 'sale'
                  AND l.display_type IS NULL"""
        )
