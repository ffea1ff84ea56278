from odoo import api, models

REVIEW_DAYS = "distribution_approval_purchase.review_days"


class PurchaseOrder(models.Model):
    """The gate of purchase orders is their confirmation.

    An order that waits is in Odoo's own state "to approve": reordering rules then leave it
    alone, and every client sees that it is not confirmed. Odoo's double validation, where
    it is on, comes after: an order that our policies let pass may still wait in the same
    state for a purchase manager.
    """

    _name = "purchase.order"
    _inherit = ["purchase.order", "distribution.approval.mixin"]
    _approval_gate = True
    _approval_passed_states = ("purchase",)
    _approval_waiting_state = "to approve"
    _approval_guarded_fields = (
        *("partner_id", "company_id", "currency_id", "picking_type_id"),
        *("dest_address_id", "payment_term_id", "fiscal_position_id", "incoterm_id"),
    )
    _approval_lines_field = "order_line"
    _approval_guarded_line_fields = (
        *("product_id", "name", "product_qty", "product_uom_id"),
        *("price_unit", "discount", "tax_ids"),
    )
    _approval_date_field = "date_approve"

    @api.model
    def _approval_kind_name(self):
        return self.env._("Purchase order")

    def _approval_lines(self):
        """Without sections and notes."""
        lines = super()._approval_lines()
        lines.fetch(
            ["display_type"]
        )  # at once; of itself Odoo reads a thousand at a time
        return lines.filtered(lambda line: not line.display_type)

    def button_confirm(self):
        approved = self._approval_waiting().filtered_domain(
            [("approval_state", "=", "approved")]
        )
        approved.write({"state": "draft"})  # Odoo confirms no other
        asked = self.filtered(lambda order: order.state in ("draft", "sent"))
        cleared = asked._approval_submit()
        result = super(PurchaseOrder, self - asked + cleared).button_confirm()
        return asked._approval_answer(cleared) if asked - cleared else result

    def _approval_complete(self):
        self.button_confirm()

    # Measures.

    @api.model
    def _approval_measures(self):
        env = self.env
        return {
            **super()._approval_measures(),
            "purchase_amount": {
                "label": env._("Purchase amount"),
                "unit": "money",
                "help": env._("Untaxed, in company currency at today's rate."),
            },
            "purchase_quantity": {
                "label": env._("Purchased quantity"),
                "unit": env._("units"),
                "help": env._("Sum of the lines, each in the unit of its product."),
            },
            "purchase_price_rise": {
                "label": env._("Rise of the purchase price"),
                "unit": "%",
                "help": env._(
                    "Of the worst line: above the last untaxed price that the company "
                    "confirmed, with any vendor. Products never bought do not count."
                ),
            },
            "purchase_need_deviation": {
                "label": env._("Purchase above expected need"),
                "unit": "%",
                "help": env._(
                    "Of the worst product: above what its warehouse needs in the vendor's "
                    "lead time and until the next review, at the pace of the last 90 days. "
                    "Products that did not leave the warehouse then do not count."
                ),
            },
        }

    def _approval_measure_purchase_amount(self, lines):
        return self._approval_total(lines, lines._approval_untaxed())

    def _approval_measure_purchase_quantity(self, lines):
        return self._approval_total(lines, lines._approval_quantities())

    def _approval_measure_purchase_price_rise(self, lines):
        return self._approval_worst(lines, lines._approval_price_rises())

    def _approval_measure_purchase_need_deviation(self, lines):
        return self._approval_worst(lines, lines._approval_deviations())

    @api.model
    def _approval_expected_quantities(self, lines):
        """{line id: what its warehouse is going to need, in the product's unit}.

        No entry where nothing is known. A better forecast overrides this.
        """
        # Whoever confirms may know how often one orders.
        review = float(self.env["ir.config_parameter"].sudo().get_param(REVIEW_DAYS, 7))
        demand = lines._approval_daily_demand()
        return {
            line.id: demand[line.id] * (line.selected_seller_id.delay + review)
            for line in lines
            if demand.get(line.id)
        }

    # What approvers are told.

    def _approval_amount(self):
        return self._approval_measure_purchase_amount(self._approval_lines())

    def _approval_facts(self):
        lines, amounts, env = self._approval_lines(), self._approval_amount(), self.env
        rises, deviations = lines._approval_price_rises(), lines._approval_deviations()
        facts = {}
        for order in self:
            total = order._approval_money(amounts.get(order.id, 0.0))
            facts[order.id] = [
                (env._("Vendor"), f"{order.partner_id.display_name}, {total}"),
                (env._("Price above the last"), order._approval_worst_text(rises)),
                (env._("Above expected need"), order._approval_worst_text(deviations)),
            ]
        return facts

    def _approval_details(self):
        lines, env = self._approval_lines(), self.env
        return self._approval_table(
            [
                (env._("Product"), {x.id: x.product_id.display_name for x in lines}),
                (env._("Quantity"), lines._approval_quantities()),
                (env._("Unit"), {x.id: x.product_id.uom_id.name for x in lines}),
                (env._("Price"), lines._approval_prices()),
                (env._("Last price"), lines._approval_last_prices()),
                (env._("Change %"), lines._approval_price_rises()),
                (env._("Expected need"), self._approval_expected_quantities(lines)),
            ]
        )

    @api.model
    def _approval_default_limits(self):
        return {"first_limit": 2000.0, "second_limit": 20000.0}

    @api.model
    def _approval_default_rules(self, line):
        first, both = [line._first_authority()], [line._first_authority()]
        both += [line._second_authority()]
        limits, rule, env = (
            [line.first_limit, line.second_limit],
            line._prepare_rule,
            self.env,
        )
        return [
            rule(env._("Value"), "purchase_amount", limits, [first, both]),
            rule(env._("Price rise"), "purchase_price_rise", [10.0], [first]),
            rule(env._("Above need"), "purchase_need_deviation", [100.0], [first]),
        ]
