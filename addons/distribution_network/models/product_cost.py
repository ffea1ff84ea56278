from odoo import api, models
from odoo.fields import Domain

# Whoever holds this object finds the moves of every branch. A client can send any
# context key it likes, but what it sends is JSON or XML: never this object.
_EVERY_BRANCH = object()
_KEY = "distribution_moves_of"


class ProductProduct(models.Model):
    """A product has one cost in its company, whoever receives or ships it.

    Odoo works out the average cost, and which receipts a delivery uses up, from the moves
    that it finds as the user. The record rules by branch would hide the other branches'
    receipts, and the cost of all would become that of one.
    """

    _inherit = "product.product"

    def _run_avco(self, at_date=None, lot=None, method="realtime"):
        products = self._with_moves_of_every_branch()
        return super(ProductProduct, products)._run_avco(
            at_date=at_date, lot=lot, method=method
        )

    def _run_fifo_get_stack(self, lot=None, at_date=None, location=None):
        products = self._with_moves_of_every_branch()
        stack, quantity_on_first = super(ProductProduct, products)._run_fifo_get_stack(
            lot=lot, at_date=at_date, location=location
        )
        # Callers look at these through the user's eyes: have them in the cache.
        self.env["stock.move"].sudo().union(*stack).fetch(["quantity", "value"])
        return stack, quantity_on_first

    def _get_last_in(self, date=None):
        products = self._with_moves_of_every_branch()
        return super(ProductProduct, products)._get_last_in(date)

    def _with_moves_of_every_branch(self):
        return self.with_context(**{_KEY: _EVERY_BRANCH})


class StockMove(models.Model):
    _inherit = "stock.move"

    @api.model
    @api.private
    @api.readonly
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Find moves of every branch where the cost of a product is worked out."""
        if self.env.su or self.env.context.get(_KEY) is not _EVERY_BRANCH:
            return super().search_fetch(domain, field_names, offset, limit, order)
        # As superuser: only figures come of it. The companies stay the user's.
        moves = self.sudo().with_context(**{_KEY: None})
        return super(StockMove, moves).search_fetch(
            Domain(domain) & Domain("company_id", "in", self.env.companies.ids),
            field_names,
            offset,
            limit,
            order,
        )
