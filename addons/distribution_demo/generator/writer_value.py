"""The cost of what was received, once the history has its dates. Plain Odoo."""

from .writer import Writer


class ValueWriter(Writer):
    """Recomputes the cost of received products.

    An average follows the order of the moves, and the moves have only now got the dates
    that say what that order is.
    """

    theme = "costs"

    def run(self):
        moves = self.env["stock.move"].search(
            [("state", "=", "done"), ("purchase_line_id", "!=", False)]
        )
        received = moves.product_id & self.env["product.product"].browse(
            self.book.products
        )
        received._update_standard_price()
