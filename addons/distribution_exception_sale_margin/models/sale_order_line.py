from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.sql import column_exists, create_column

# Changes of a confirmed line that prices and margins depend on.
WATCHED = {"product_uom_qty", "price_unit", "discount", "purchase_price"}


class SaleOrderLine(models.Model):
    """A line keeps what the pricelist asked: its own price is measured by it."""

    _inherit = "sale.order.line"

    # Computed before it is created, so no default of a client becomes a price.
    pricelist_price = fields.Float(
        compute="_compute_pricelist_price",
        store=True,
        precompute=True,
        copy=False,
        min_display_digits="Product Price",
        help="What the pricelist of the order asked for one unit when the order was "
        "confirmed, in the currency of the order. 0 before that.",
    )

    def _auto_init(self):
        # Nobody knows what pricelists said of orders of the past.
        if not column_exists(self.env.cr, self._table, "pricelist_price"):
            create_column(self.env.cr, self._table, "pricelist_price", "numeric")
        return super()._auto_init()

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

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._ensure_keeps_price(vals)
        lines = super().create(vals_list)
        lines._recheck_prices()
        return lines

    def write(self, vals):
        self._ensure_keeps_price(vals)
        result = super().write(vals)
        if WATCHED & vals.keys():
            self._recheck_prices()
        return result

    def _has_list_price(self):
        """Whether the pricelist has a say: not in combos, down payments and expenses.

        Nor in freight, which the carrier's rules price.
        """
        special = self.combo_item_id or self.is_downpayment or self.is_expense
        special = special or self._is_delivery()
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

    def _ensure_keeps_price(self, vals):
        """What is kept is computed, and written by nobody: it does not pass here."""
        if "pricelist_price" in vals:
            raise UserError(
                self.env._(
                    "The price of the pricelist is kept as it was when the order was "
                    "confirmed."
                )
            )

    def _recheck_prices(self):
        """Have the rules look at these lines again; quotations are nothing to them."""
        lines = self.filtered(lambda line: line.state in ("sale", "cancel"))
        self.env["distribution.exception"]._recheck(self._name, lines.ids)
