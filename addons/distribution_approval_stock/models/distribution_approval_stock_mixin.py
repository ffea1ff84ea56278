from contextlib import contextmanager

from odoo import api, models

# Set while documents move goods that have passed their gate. Kept at the cursor, on the
# server: a context could be sent by a client.
PASSING = "distribution_approval_stock_passing"


class DistributionApprovalStockMixin(models.AbstractModel):
    """What counts and scraps have in common: goods appear or disappear, at their cost."""

    _name = "distribution.approval.stock.mixin"
    _inherit = "distribution.approval.mixin"
    _description = "Difference in Stock That May Need Approval"

    @contextmanager
    def _approval_passing(self):
        """Within, goods come from or go to locations of differences with approval."""
        cache = self.env.cr.cache
        before, cache[PASSING] = cache.get(PASSING), True
        try:
            yield
        finally:
            cache[PASSING] = before

    @api.model
    def _approval_is_passing(self):
        """Whether a count or a scrap that has passed its gate moves goods now."""
        return bool(self.env.cr.cache.get(PASSING))

    def _approval_quantities(self):
        """{document id: how much appears or disappears, in the unit of the product}."""
        raise NotImplementedError

    def _approval_amount(self):
        """At the present cost of the product; of the lot, where lots have their own."""
        amounts, quantities = {}, self._approval_quantities()
        for document in self:
            product, lot = document.product_id, document.lot_id
            item = lot if lot and product.lot_valuated else product
            item = item.with_company(document._approval_company())
            amounts[document.id] = quantities[document.id] * item.standard_price
        return amounts

    def _approval_money(self, document_id, amounts):
        currency = self.browse(document_id)._approval_company().currency_id.name
        return f"{self._approval_figure(amounts[document_id])} {currency}"

    def _approval_prepare_request_values(self):
        """The request says what lies where: counts and new scraps have no names."""
        values = super()._approval_prepare_request_values()
        for document in self:
            named = (document.product_id, document.location_id, document.lot_id)
            names = [record.display_name for record in named if record]
            values[document.id]["document"] = ", ".join(names)
        return values

    @api.model
    def _approval_default_limits(self):
        return {"first_limit": 100.0, "second_limit": 1000.0}

    @api.model
    def _approval_default_rules(self, line):
        first, second = line._first_authority(), line._second_authority()
        limits, steps = (
            [line.first_limit, line.second_limit],
            [[first], [first, second]],
        )
        measure = next(iter(self._approval_measures()))  # the value
        return [line._prepare_rule(self.env._("Value"), measure, limits, steps)]
