from odoo import Command, fields, models
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.distribution_approval.tests.common import ApprovalCase


class FakeOrderLineOfProduct(models.Model):
    _module = None
    _name = "distribution.fake.order.line"
    _inherit = "distribution.fake.order.line"

    product_id = fields.Many2one("product.product")


class ProductCase(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Category = cls.env["product.category"]
        cls.machines = Category.create({"name": "Machines"})
        cls.drills = Category.create({"name": "Drills", "parent_id": cls.machines.id})
        cls.screws = Category.create({"name": "Screws"})

    def _policy_of_machines(self):
        return self._policy(
            rule={"product_category_ids": [Command.set(self.machines.ids)]}
        )


@tagged("post_install", "-at_install")
class TestProductCategory(ProductCase):
    _models = (*ProductCase._models, FakeOrderLineOfProduct)

    def _order_of(self, *lines):
        Product = self.env["product.product"]
        order = self._order(self.olga)
        order.line_ids = [
            Command.create(
                {
                    "price": price,
                    "product_id": Product.create(
                        {"name": category.name, "categ_id": category.id}
                    ).id,
                }
            )
            for category, price in lines
        ]
        order.action_confirm()
        return order.state

    def test_only_lines_of_the_categories_are_measured(self):
        self._policy_of_machines()
        self.assertEqual(self._order_of((self.screws, 9000)), "done")
        self.assertEqual(
            self._order_of((self.screws, 9000), (self.drills, 900)), "done"
        )
        self.assertEqual(self._order_of((self.machines, 1000)), "waiting")
        self.assertEqual(
            self._order_of((self.machines, 400), (self.drills, 600)), "waiting"
        )

    def test_a_category_that_is_moved_or_made_later(self):
        self._policy_of_machines()
        self.screws.parent_id = self.drills
        self.assertEqual(self._order_of((self.screws, 1000)), "waiting")
        bits = self.env["product.category"].create(
            {"name": "Bits", "parent_id": self.screws.id}
        )
        self.assertEqual(self._order_of((bits, 1000)), "waiting")
        self.screws.parent_id = False
        self.assertEqual(self._order_of((bits, 1000)), "done")


@tagged("post_install", "-at_install")
class TestNoProduct(ProductCase):
    def test_documents_without_products_have_no_such_rule(self):
        with self.assertRefused("have no product category", ValidationError):
            self._policy_of_machines()
