from odoo import api, models

from .sale_order_line import margin


class SaleOrder(models.Model):
    """The gate of sales orders is their confirmation; until then they stay quotations."""

    _name = "sale.order"
    _inherit = ["sale.order", "distribution.approval.mixin"]
    _approval_gate = True
    _approval_passed_states = ("sale",)
    _approval_guarded_fields = (
        *("partner_id", "pricelist_id", "currency_id", "payment_term_id"),
    )
    _approval_lines_field = "order_line"
    _approval_guarded_line_fields = (
        *("product_id", "product_uom_qty", "product_uom_id"),
        *("price_unit", "discount", "tax_ids", "price_reason"),
    )
    _approval_date_field = "date_order"

    @api.model
    def _approval_kind_name(self):
        return self.env._("Sales order")

    @api.model
    def _approval_kind_name(self):
        return self.env._("Sales order")

    def _approval_lines(self):
        """Lines of products; a combo is what it consists of."""
        lines = super()._approval_lines()
        return lines.filtered(lambda line: line.product_id.type not in (False, "combo"))

    def _approval_rate(self):
        """What to multiply with to have company currency."""
        currency, company = self.currency_id, self.company_id
        return currency._get_conversion_rate(currency, company.currency_id, company)

    # The gate.

    def action_confirm(self):
        if any(order._confirmation_error_message() for order in self):
            return super().action_confirm()  # which says why
        cleared = self._approval_submit()
        result = cleared and super(SaleOrder, cleared).action_confirm()
        return result if cleared == self else self._approval_answer(cleared)

    def _approval_complete(self):
        # A customer who has signed gets the confirmation that was due then.
        self.with_context(send_email=bool(self.signed_on)).action_confirm()

    def _send_order_notification_mail(self, mail_template, **kwargs):
        """No confirmation reaches the customer before the order is confirmed."""
        due = self.state == "sale" or mail_template != self._get_confirmation_template()
        return due and super()._send_order_notification_mail(mail_template, **kwargs)

    def _approval_authors(self):
        """Whoever sells it had a hand in it, even where somebody else typed it."""
        authors = super()._approval_authors()
        return {order.id: authors[order.id] | {*order.user_id.ids} for order in self}

    def _approval_prepare_request_values(self):
        """A customer who signs or pays asks in the name of the order's seller."""
        values = super()._approval_prepare_request_values()
        if self.env.user.share:
            for order in self.filtered("user_id"):
                values[order.id]["requester_id"] = order.user_id.id
        return values

    # Measures.

    @api.model
    def _approval_measures(self):
        env = self.env
        return {
            **super()._approval_measures(),
            "sale_amount": {
                "label": env._("Sales amount"),
                "unit": "money",
                "help": env._("Untaxed, in company currency at today's rate."),
            },
            "sale_margin": {
                "label": env._("Sales margin"),
                "unit": "%",
                "worse": "lower",
                "help": env._(
                    "Net amount less cost, in % of the net amount, of all lines."
                ),
            },
        }

    def _approval_measure_sale_amount(self, lines):
        return self._approval_total(lines, lines._approval_untaxed())

    def _approval_measure_sale_margin(self, lines):
        return {id_: margin(*x) for id_, x in self._approval_sums(lines).items()}

    def _approval_sums(self, lines):
        """{document id: (net amount, cost)} of documents that sell something."""
        net = self._approval_total(lines, lines._approval_net())
        costs = self._approval_total(lines, lines._approval_costs())
        return {id_: (amount, costs[id_]) for id_, amount in net.items()}

    # What approvers are told.

    def _approval_amount(self):
        return self._approval_measure_sale_amount(self._approval_lines())

    def _approval_facts(self):
        facts, figure = super()._approval_facts(), self._approval_figure
        sums = self._approval_sums(self._approval_lines())
        for order in self.filtered(lambda order: order.id in sums):
            total = f"{figure(order.amount_untaxed)} {order.currency_id.name}"
            facts[order.id] = [
                (order.partner_id.display_name, total),
                (self.env._("Margin"), f"{figure(margin(*sums[order.id]))} %"),
                *facts.get(order.id, ()),
            ]
        return facts

    def _approval_details(self):
        """The waterfall of prices, where there is one, then what is earned."""
        lines, env, figure = self._approval_lines(), self.env, self._approval_figure
        names = {line.id: line.product_id.display_name for line in lines}
        tables = super()._approval_details() or self._approval_table(
            [(env._("Product"), names)]
        )
        net, costs = lines._approval_net(), lines._approval_costs()
        margins = lines._approval_margins()
        labels = [env._("Net amount"), env._("Cost"), env._("Margin %")]
        for order_id, (amount, cost) in self._approval_sums(lines).items():
            columns, rows = tables[order_id]["columns"], tables[order_id]["rows"]
            blank = [""] * (len(columns) - 1)
            for line, row in zip(
                self.browse(order_id)._approval_lines(), rows, strict=True
            ):
                row += [figure(x.get(line.id)) for x in (net, costs, margins)]
            total = map(figure, (amount, cost, margin(amount, cost)))
            rows.append([env._("Total"), *blank, *total])
            columns += labels
        return tables

    # For the set-up.

    @api.model
    def _approval_default_rules(self, line):
        first, second = line._first_authority(), line._second_authority()
        name, limits, steps = (
            self.env._("Margin"),
            [0.0, 10.0],
            [[first], [first, second]],
        )
        rule = line._prepare_rule(name, "sale_margin", limits, steps, "lower")
        return [*super()._approval_default_rules(line), rule]
