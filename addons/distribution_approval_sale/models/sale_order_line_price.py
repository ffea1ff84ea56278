from odoo import fields, models

from .product_pricelist import RULES, PriceRules

LISTED, PRICELIST, OWN, NET = range(4)


class SaleOrderLine(models.Model):
    """What a price comes from. Dictionaries go by line id; see the line of the gate."""

    _inherit = "sale.order.line"

    price_reason = fields.Char(
        "Reason for the Price",
        copy=False,
        help="Why it is below that of the pricelist.",
    )

    def _approval_prices(self):
        """(list price, pricelist's, own, net) of a unit, in the currency of the order.

        The net price is what is left of the line's own by the lines that take something
        off the order. Those have no entry.
        """
        rules, prices = PriceRules(self.order_id.order_line.product_id), {}
        untaxed, net = self._approval_untaxed(), self._approval_net()
        for line in self.filtered(lambda line: line.id in net):
            rules.moment = line.order_id.date_order
            own = line.price_unit * (1 - line.discount / 100)
            left = net[line.id] / untaxed[line.id] if untaxed[line.id] else 1.0
            given = line.with_context(**{RULES: rules})._approval_given_prices()
            prices[line.id] = (*(given or (own, own)), own, own * left)
        return prices

    def _approval_given_prices(self):
        """The list price and the pricelist's; None for what is not on any list."""
        order, product = self.order_id, self.product_id
        if self.combo_item_id:  # has its part of the price of the combo
            return (self._get_display_price(),) * 2
        expense = self.is_expense and product.expense_policy == "cost"
        if expense or (self._is_delivery() and product.type == "service"):
            return None
        product = product.with_context(**self._get_product_price_context())
        taxes = product.taxes_id._filter_taxes_by_company(order.company_id)
        # Rates are by day: by the second, one would be looked up for each order.
        day = fields.Date.to_date(order.date_order)
        values = {**self._get_pricelist_kwargs(), "date": day}
        return [
            product._get_tax_included_unit_price_from_price(
                x._get_product_price(product, **values),
                taxes,
                fiscal_position=order.fiscal_position_id,
            )
            for x in (order.pricelist_id.browse(), order.pricelist_id)
        ]

    def _approval_discounts(self, reference, price=NET):
        """By how many percent one of the prices is below another one."""
        # As many digits as a discount has: less than that is rounding.
        return {
            id_: round((1 - prices[price] / prices[reference]) * 100, 2)
            for id_, prices in self._approval_prices().items()
            if prices[reference] > 0
        }
