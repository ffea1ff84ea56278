from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError

from .sale_order_line_price import LISTED, NET, OWN, PRICELIST


class SaleOrder(models.Model):
    """What the gate of sales orders knows of prices."""

    _inherit = "sale.order"

    # Whoever sells below the pricelist says why.

    def _approval_submit(self):
        self._approval_check_reasons()
        return super()._approval_submit()

    def _approval_enter(self):
        self._approval_check_reasons()
        return super()._approval_enter()

    def _approval_check_reasons(self):
        """Refuse lines below the pricelist without a reason, where a policy is in force.

        Customers who sign or pay and jobs are not asked: they could not answer.
        """
        if self.env.user.share or self.env.uid == SUPERUSER_ID:
            return
        policies = self.env["distribution.approval.engine"]._active_policies
        today = fields.Date.context_today(self)
        governed = self.sudo().filtered(  # all lines count, whoever confirms
            lambda order: any(
                policy.is_in_force(today)
                for policy in policies(order._name, order.company_id.id)
            )
        )
        lines = governed._approval_lines().filtered(lambda line: not line.price_reason)
        below = lines._approval_discounts(PRICELIST, OWN)
        for line in lines.filtered(lambda line: below.get(line.id, 0) > 0):
            raise UserError(
                self.env._(
                    "%(order)s: %(product)s is sold below the price of the pricelist. "
                    "Say why in the column “Reason for the Price”.",
                    order=line.order_id.name,
                    product=line.product_id.display_name,
                )
            )

    # Measures.

    def _approval_measures(self):
        env = self.env
        return {
            **super()._approval_measures(),
            "sale_discount": {
                "label": env._("Discount on the list price"),
                "unit": "%",
                "help": env._(
                    "Of the worst line: its net price below the list price, whether by the "
                    "pricelist, by hand, or by a discount on the line or the order."
                ),
            },
            "sale_below_pricelist": {
                "label": env._("Discount on the pricelist"),
                "unit": "%",
                "help": env._(
                    "Of the worst line: its net price below what the pricelist gives."
                ),
            },
        }

    def _approval_measure_sale_discount(self, lines):
        return self._approval_worst(lines, lines._approval_discounts(LISTED))

    def _approval_measure_sale_below_pricelist(self, lines):
        return self._approval_worst(lines, lines._approval_discounts(PRICELIST))

    # What approvers are told.

    def _approval_facts(self):
        discounts = self._approval_lines()._approval_discounts(LISTED)
        facts, label = {}, self.env._("Largest discount")
        for order in self:
            reasons = set(order._approval_lines().mapped("price_reason")) - {False}
            text = "; ".join([order._approval_worst_text(discounts), *sorted(reasons)])
            facts[order.id] = [(label, text)]
        return facts

    def _approval_details(self):
        lines, env = self._approval_lines(), self.env
        prices = lines._approval_prices().items()
        listed, given, net = (
            {k: x[i] for k, x in prices} for i in (LISTED, PRICELIST, NET)
        )
        return self._approval_table(
            [
                (env._("Product"), {x.id: x.product_id.display_name for x in lines}),
                (env._("Quantity"), {x.id: x.product_uom_qty for x in lines}),
                (env._("Unit"), {x.id: x.product_uom_id.name for x in lines}),
                (env._("List price"), listed),
                (env._("Pricelist"), given),
                (env._("Price"), {x.id: x.price_unit for x in lines}),
                (env._("Discount %"), {x.id: x.discount for x in lines}),
                (env._("Net price"), net),
                (env._("Reason"), {x.id: x.price_reason or "" for x in lines}),
            ]
        )

    # For the set-up.

    def _approval_default_limits(self):
        return {"first_limit": 10.0, "second_limit": 20.0}

    def _approval_default_unit(self):
        return "%"

    def _approval_default_rules(self, line):
        first, second = line._first_authority(), line._second_authority()
        limits, label = [line.first_limit, line.second_limit], self.env._("Discount")
        steps = [[first], [first, second]]
        return [line._prepare_rule(label, "sale_discount", limits, steps)]
