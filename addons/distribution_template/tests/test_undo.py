from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TemplateCase


@tagged("post_install", "-at_install")
class TestUndo(TemplateCase):
    """Undone while nothing has used it; refused afterwards, naming what has."""

    def assertRefused(self, opening, *words):
        with self.assertRaises(UserError) as caught:
            opening.action_undo()
        for word in words:
            self.assertIn(word, str(caught.exception))
        self.assertEqual(opening.state, "applied")
        self.assertTrue(opening.branch_id.exists())

    def test_undo_removes_every_record(self):
        opening = self._prepare(
            person_ids=[(0, 0, {"user_id": self.wim.id, "job_id": self.chief.id})]
        )
        before = self._all_counts()
        roles = self.wim.group_ids
        opening.action_preview()
        opening.action_apply()
        self.assertNotEqual(self.wim.group_ids, roles)
        opening.action_undo()
        self.assertEqual(self._difference(before, self._all_counts()), {})
        self.assertEqual(self.wim.group_ids, roles)
        self.assertEqual(opening.state, "undone")
        self.assertFalse(opening.branch_id)

    def test_undo_after_steps_were_changed(self):
        before = self._all_counts()
        opening = self._open()
        opening.branch_id.warehouse_id.delivery_steps = "pick_pack_ship"
        opening.action_undo()
        self.assertEqual(self._difference(before, self._all_counts()), {})

    def test_undo_takes_repairs_back_too(self):
        before = self._all_counts()
        opening = self._open()
        branch = opening.branch_id
        self._location(branch, "Damaged").unlink()
        opening.action_apply()
        self.assertTrue(self._location(branch, "Damaged"))
        opening.action_undo()
        self.assertEqual(self._difference(before, self._all_counts()), {})

    def test_refused_for_stock(self):
        opening = self._open()
        self._count(self.product, opening.branch_id, 5)
        self.assertRefused(opening, "Quants", "Stock Move", "Hex bolt M8")

    def test_refused_for_a_quotation(self):
        opening = self._open()
        order = self._sell(self.boss, opening.branch_id, 2, confirm=False)
        self.assertRefused(opening, "Sales Order (1)", order.name)

    def test_refused_for_a_request_for_quotation(self):
        opening = self._open()
        order = self._buy(self.boss, opening.branch_id, 2, confirm=False)
        self.assertRefused(opening, "Purchase Order (1)", order.name)

    def test_refused_for_an_invoice(self):
        opening = self._open()
        self.env["account.move"].create(
            {
                "move_type": "entry",
                "branch_id": opening.branch_id.id,
                "journal_id": self.env["account.journal"]
                .create({"name": "Misc", "code": "TPL", "type": "general"})
                .id,
            }
        )
        self.assertRefused(opening, "Journal Entry (1)")

    def test_refused_for_goods_on_the_lane(self):
        opening = self._open()
        self._count(self.product, self.central, 10)
        self._replenish(opening.branch_id.lane_in_ids, 3)
        self.assertRefused(opening, "Transfer")

    def test_refused_for_a_location_made_later(self):
        opening = self._open()
        self.env["stock.location"].create(
            {
                "name": "Yard",
                "location_id": self._location(opening.branch_id, "Shelf").id,
            }
        )
        self.assertRefused(opening, "EAS/Stock/Shelf/Yard")

    def test_refused_for_a_lane_made_later(self):
        opening = self._open()
        self._open_lane(opening.branch_id, self.west)
        self.assertRefused(opening, "EAS → WES")

    def test_refused_for_a_route_on_a_product(self):
        opening = self._open()
        self.product.route_ids += opening.branch_id.lane_in_ids.route_id
        self.assertRefused(opening, "Product (1): Hex bolt M8")

    def test_more_than_three_are_counted(self):
        opening = self._open()
        for _number in range(5):
            self._sell(self.boss, opening.branch_id, 1, confirm=False)
        self.assertRefused(opening, "Sales Order (5)", "…")

    def test_only_what_is_applied_is_undone(self):
        opening = self._prepare()
        with self.assertRaisesRegex(UserError, "draft"):
            opening.action_undo()
        opening.action_preview()
        with self.assertRaisesRegex(UserError, "not applied"):
            opening.action_undo()

    def test_what_somebody_changed_afterwards_is_theirs(self):
        self.north.warehouse_id.reception_steps = "one_step"
        self.template.write(
            {"reception_steps": "two_steps", "delivery_steps": "pick_ship"}
        )
        opening = self._open(branch_id=self.north.id)
        self.north.warehouse_id.reception_steps = "three_steps"
        opening.action_undo()
        self.assertEqual(self.north.warehouse_id.reception_steps, "three_steps")
        self.assertEqual(self.north.warehouse_id.delivery_steps, "ship_only")
