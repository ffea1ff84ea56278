from odoo.tests import TransactionCase

DEPOTS = ("NOR", "WES", "SOU")
UNDER_WAY = ("waiting", "confirmed", "assigned", "partially_available")


class ReferenceCase(TransactionCase):
    """Base of the tests of the installed reference case.

    Its records are found by their codes and logins, as a reader of the readme would.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.central = cls._branch("CEN")
        cls.depots = cls.env["distribution.branch"].concat(
            *(cls._branch(code) for code in DEPOTS)
        )
        cls.warehouses = (cls.central | cls.depots).warehouse_id
        cls.products = cls.env["product.product"].search([("barcode", "=like", "299%")])

    @classmethod
    def _branch(cls, code):
        return cls.env["distribution.branch"].search([("code", "=", code)])

    @classmethod
    def _user(cls, stem):
        login = f"{stem}@demo.example"
        return cls.env["res.users"].search([("login", "=", login)])

    def _opening_moves(self):
        """What the opening counts put into stock, before the first order."""
        first = self.env["sale.order"].search([], order="date_order", limit=1)
        return self.env["stock.move"].search(
            [
                ("is_inventory", "=", True),
                ("location_id.usage", "=", "inventory"),
                ("product_id", "in", self.products.ids),
                ("date", "<", first.date_order),
            ]
        )

    def _as(self, stem, model):
        """A model as the user would use it."""
        return self.env[model].with_user(self._user(stem))
