from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

DAYS = 90


class PurchaseOrderLine(models.Model):
    """What is measured, reckoned from quantity, unit, price, discount and taxes.

    Odoo's stored totals and rates are for display: a client can write them over RPC.
    Dictionaries go by line id; quantities are in the product's own unit, amounts untaxed in
    company currency, at today's rate.
    """

    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "distribution.approval.line.mixin"]
    _approval_document_field = "order_id"

    def write(self, vals):
        if "qty_received_manual" in vals:  # services have no other receipt
            self.env["distribution.duty.log"]._perform("receive", self.order_id)
        return super().write(vals)

    def _approval_quantities(self):
        return {
            line.id: line.product_uom_id._compute_quantity(
                line.product_qty, line.product_id.uom_id, round=False
            )
            for line in self
        }

    def _approval_untaxed(self):
        self.fetch(["tax_ids"])  # at once; of itself Odoo reads a thousand at a time
        amounts = {}
        for line in self:
            base, company = (
                line._prepare_base_line_for_taxes_computation(),
                line.order_id.company_id,
            )
            line.tax_ids._add_tax_details_in_base_line(base, company)
            currency = line.order_id.currency_id
            rate = currency._get_conversion_rate(currency, company.currency_id, company)
            amounts[line.id] = base["tax_details"]["raw_total_excluded_currency"] * rate
        return amounts

    def _approval_prices(self):
        untaxed, quantities = self._approval_untaxed(), self._approval_quantities()
        return {id_: untaxed[id_] / qty for id_, qty in quantities.items() if qty}

    def _approval_last_prices(self):
        """The price when the company confirmed the product last, but not free of charge.

        For an order that is confirmed already: last before.
        """
        self.flush_model(["discount", "order_id", "price_unit", "product_id"])
        self.order_id.flush_model(["company_id", "date_approve", "state"])
        # One look-up by the index on the product for each line. An order made as a
        # confirmed one, in this transaction, does not choose its date.
        query = """
            SELECT line.id, past.id FROM purchase_order_line line
              JOIN purchase_order here ON here.id = line.order_id
        CROSS JOIN LATERAL (
            SELECT l.id FROM purchase_order_line l JOIN purchase_order o ON o.id = l.order_id
             WHERE l.product_id = line.product_id AND o.company_id = here.company_id
               AND l.price_unit > 0 AND COALESCE(l.discount, 0) < 100
               AND o.state = 'purchase' AND o.id != here.id AND (here.state != 'purchase'
                    OR here.create_date >= now() AT TIME ZONE 'UTC'
                    OR (o.date_approve, o.id) < (here.date_approve, here.id))
          ORDER BY o.date_approve DESC NULLS LAST, o.id DESC, l.id DESC LIMIT 1) past
             WHERE line.id = ANY(%s)"""
        past = dict(self.env.execute_query(SQL(query, self.ids)))
        prices = self.browse(set(past.values()))._approval_prices()
        return {id_: prices[last] for id_, last in past.items() if prices.get(last)}

    def _approval_price_rises(self):
        """In %, above the last price."""
        prices, last = self._approval_prices(), self._approval_last_prices()
        return {
            id_: (prices[id_] / last[id_] - 1) * 100 for id_ in prices if id_ in last
        }

    def _approval_deviations(self):
        """In %, above the expected need; with the other lines of the product."""
        expected = self.order_id._approval_expected_quantities(self)
        quantities, ordered = self._approval_quantities(), defaultdict(float)
        for line in self:
            ordered[line.order_id, line.product_id] += quantities[line.id]
        return {
            line.id: (ordered[line.order_id, line.product_id] / expected[line.id] - 1)
            * 100
            for line in self
            if expected.get(line.id)
        }

    def _approval_daily_demand(self):
        """What leaves the warehouse a day for customers, production, other warehouses."""
        demand, since = {}, fields.Datetime.subtract(fields.Datetime.now(), days=DAYS)
        for warehouse, lines in self.grouped(
            lambda line: line.order_id.picking_type_id.warehouse_id
        ).items():
            found = self.env["stock.move.line"]._read_group(
                [
                    *[("state", "=", "done"), ("date", ">=", since)],
                    ("product_id", "in", lines.product_id.ids),
                    ("location_id.warehouse_id", "in", warehouse.ids),
                    ("location_id.usage", "=", "internal"),
                    ("location_dest_id.warehouse_id", "!=", warehouse.id),
                    ("location_dest_id.usage", "not in", ("inventory", "supplier")),
                ],
                ["product_id"],
                ["quantity_product_uom:sum"],
            )
            left = dict(found)
            demand |= {x.id: left.get(x.product_id, 0) / DAYS for x in lines}
        return demand
