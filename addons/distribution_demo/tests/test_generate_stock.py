from odoo.tests import TransactionCase, tagged

from odoo.addons.distribution_accounting.models.keys import keeping

from ..generator.run import generate_stock
from ..generator.settings import Settings


@tagged("post_install", "-at_install")
class TestGenerateStock(TransactionCase):
    """The writers that a comparison with stock Odoo uses: warehouses, no branches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Plain Odoo has none, and nobody here decides on the opening counts.
        policies = cls.env["distribution.approval.policy"]
        policies.search([("state", "=", "active")]).action_retire()
        # Nor has anybody closed the books of the months that this is about.
        keeping(cls.env.company).fiscalyear_lock_date = False
        Warehouse = cls.env["stock.warehouse"]
        cls.central = Warehouse.create({"name": "Plain Centre", "code": "PLC"})
        cls.depot = Warehouse.create(
            {
                "name": "Plain Depot",
                "code": "PLD",
                "resupply_wh_ids": [(4, cls.central.id)],
            }
        )

    def _generate(self, **values):
        return generate_stock(
            self.env,
            self.central | self.depot,
            Settings(skus=20, branches=2, orders=24, numbered_from=9000000),
            routes=self.depot.resupply_route_ids,
            **values,
        )

    def test_products_stock_and_rules(self):
        book = self._generate()
        self.assertEqual(len(book.products), 20)
        products = self.env["product.product"].browse(book.products)
        planned = {line.product for line in book.plan.stock if line.branch == "central"}
        here = products.with_context(warehouse_id=self.central.id)
        stocked = here.filtered(lambda product: product.qty_available > 0)
        self.assertEqual(len(stocked), len(planned))
        rules = self.env["stock.warehouse.orderpoint"].search(
            [("product_id", "in", products.ids)]
        )
        self.assertEqual(len(rules), len(book.plan.orderpoints))
        of_depot = rules.filtered(lambda rule: rule.warehouse_id == self.depot)
        self.assertEqual(of_depot.route_id, self.depot.resupply_route_ids)
        self.assertFalse(self._orders(book))

    def test_documents(self):
        book = self._generate(documents=True)
        self.assertEqual(len(self._orders(book)), 24)
        under_way = self.env["stock.quant"].search_count(
            [("location_id.usage", "=", "transit"), ("product_id", "in", book.products)]
        )
        self.assertTrue(under_way)

    def _orders(self, book):
        return self.env["sale.order"].search([("partner_id", "in", book.customers)])
