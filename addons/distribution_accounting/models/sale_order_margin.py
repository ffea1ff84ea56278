from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.sql import column_exists, create_column

from .keys import is_keeping


class SaleOrderLine(models.Model):
    """A line keeps the list price of its day: what was given away is told from it."""

    _inherit = "sale.order.line"

    list_price_unit = fields.Float(
        string="List Price",
        compute="_compute_list_price_unit",
        store=True,
        precompute=True,
        copy=False,
        min_display_digits="Product Price",
        help="The list price of one unit of the line when the line was made, without taxes, "
        "in the currency of the order. It stays the same once the order is confirmed.",
    )

    def _auto_init(self):
        # Lines of the past have no list price rather than that of today.
        if not column_exists(self.env.cr, self._table, "list_price_unit"):
            create_column(self.env.cr, self._table, "list_price_unit", "float8")
        return super()._auto_init()

    @api.depends(
        "product_id", "product_uom_id", "tax_ids", "currency_id", "display_type"
    )
    def _compute_list_price_unit(self):
        for line in self:
            if line.state in ("sale", "cancel") and line._origin.list_price_unit:
                line.list_price_unit = line._origin.list_price_unit
            elif line.product_id and not line.display_type:
                line.list_price_unit = line._list_price()
            else:
                line.list_price_unit = 0.0

    def _list_price(self):
        """List price of one unit of the line, without taxes, in its currency."""
        self.ensure_one()
        product = self.product_id.with_company(self.company_id)
        price = product.uom_id._compute_price(product.lst_price, self.product_uom_id)
        order = self.order_id
        currency = self.currency_id or order.currency_id
        price = product.currency_id._convert(
            price,
            currency,
            self.company_id or order.company_id,
            fields.Date.to_date(order.date_order) or fields.Date.context_today(self),
            round=False,
        )
        included = self.tax_ids.filtered("price_include")
        if included and price:
            # Of a thousand units, so that no fraction of a cent is lost.
            thousand = included.compute_all(price, currency, 1000, product)
            price = thousand["total_excluded"] / 1000
        return price

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not is_keeping(self):
                vals.pop("list_price_unit", None)  # never chosen
        return super().create(vals_list)

    def write(self, vals):
        if "list_price_unit" in vals and not is_keeping(self):
            raise UserError(
                self.env._(
                    "The list price of a line is that of its product when the line was "
                    "made. Change the price of the line instead."
                )
            )
        return super().write(vals)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_view_margin(self):
        """Open the margin of the orders, step by step.

        :return: action
        """
        name = self.env._("Margin of %s", ", ".join(self.mapped("name")))
        return self.env["distribution.branch.margin"]._open_waterfall(
            name, [("order_id", "in", self.ids)], self.invoice_ids.mapped("date")
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_view_margin(self):
        """Open the margin on the customers, step by step.

        :return: action
        """
        name = self.env._("Margin of %s", ", ".join(self.mapped("display_name")))
        return self.env["distribution.branch.margin"]._open_waterfall(
            name, [("partner_id", "in", self.commercial_partner_id.ids)]
        )
