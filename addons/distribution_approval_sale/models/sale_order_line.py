from odoo import models


class SaleOrderLine(models.Model):
    """What is measured, reckoned from quantity, unit, price, discount and taxes.

    Odoo's stored totals and rates are for display: a client can write them over RPC.
    Dictionaries go by line id; amounts are in company currency, at today's rate.
    """

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "distribution.approval.line.mixin"]
    _approval_document_field = "order_id"

    def _approval_untaxed(self):
        """The amount without taxes."""
        amounts = {}
        for line in self:
            base = line._prepare_base_line_for_taxes_computation()
            line.tax_ids._add_tax_details_in_base_line(base, line.order_id.company_id)
            amount = base["tax_details"]["raw_total_excluded_currency"]
            amounts[line.id] = amount * line.order_id._approval_rate()
        return amounts

    def _approval_net(self):
        """What is left of it by the lines that take something off the order.

        Those have no entry, but lower the amounts of all others: a discount counts wherever
        it stands.
        """
        lines, net = self.order_id._approval_lines(), {}
        amounts = lines._approval_untaxed()
        for found in lines.grouped("order_id").values():
            sold = found.filtered(lambda line: amounts[line.id] >= 0)
            full = sum(amounts[line.id] for line in sold)
            left = sum(amounts[line.id] for line in found)
            share = max(left / full, 0.0) if full else 1.0
            net |= {x.id: amounts[x.id] * share for x in sold & self}
        return net

    def _approval_costs(self):
        """The line's own cost, which its seller may write, or the product's where higher."""
        costs = {}
        for line in self:
            product = line.product_id.with_company(line.order_id.company_id)
            cost = product.uom_id._compute_price(
                product.standard_price, line.product_uom_id
            )
            own = line.purchase_price * line.order_id._approval_rate()
            costs[line.id] = max(own, cost) * line.product_uom_qty
        return costs

    def _approval_margins(self):
        """What is left of the net amount after the cost, in percent."""
        net, costs = self._approval_net(), self._approval_costs()
        return {id_: margin(amount, costs[id_]) for id_, amount in net.items()}


def margin(amount, cost):
    """The margin in percent of an amount; of nothing, everything is lost."""
    return (amount - cost) / abs(amount) * 100 if amount else -100.0
