from odoo.tests import tagged

from .common import TemplateCase


@tagged("post_install", "-at_install")
class TestQueryCounts(TemplateCase):
    """What an opening costs does not grow with each product."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bolts = cls.env["product.category"].create({"name": "Bolts"})
        for supply, name in (("lane", "Lane"), ("buy", "Buy")):
            category = cls.env["product.category"].create(
                {"name": name, "parent_id": cls.bolts.id}
            )
            cls.env["distribution.template.replenishment"].create(
                {
                    "template_id": cls.template.id,
                    "categ_id": category.id,
                    "min_qty": 5,
                    "max_qty": 20,
                    "supply": supply,
                }
            )

    def _add_products(self, count):
        categories = self.template.replenishment_ids.categ_id
        self.env["product.product"].create(
            [
                {
                    "name": f"Bolt {number}",
                    "is_storable": True,
                    "categ_id": categories[number % 2].id,
                }
                for number in range(count)
            ]
        )

    def _queries(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _measure(self, code):
        opening = self._prepare(code)
        return {
            name: self._queries(getattr(opening, f"action_{name}"))
            for name in ("preview", "apply", "undo")
        }

    def test_products(self):
        self._measure("WRM")  # caches that live as long as the registry
        self._add_products(20)
        few = self._measure("FEW")
        self._add_products(380)
        many = self._measure("MNY")
        for name, queries in few.items():
            self.assertLessEqual(many[name], queries + 12, (few, many))

    def test_budgets(self):
        self._measure("WRM")
        self._add_products(100)
        queries = self._measure("BUD")
        self.assertLessEqual(queries["preview"], 110, queries)
        self.assertLessEqual(queries["apply"], 480, queries)
        self.assertLessEqual(queries["undo"], 400, queries)

    def test_applying_once_more(self):
        self._add_products(100)
        opening = self._open()
        self.assertLessEqual(self._queries(opening.action_apply), 90)

    def test_drift_on_the_branch_form(self):
        self._add_products(100)
        branch = self._open().branch_id.with_user(self.boss)
        self.assertLessEqual(self._queries(lambda: branch.drift_count), 80)
