from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .common import StockApprovalMixin


@tagged("post_install", "-at_install")
class TestScrap(StockApprovalMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people_and_goods()
        cls._policy(100, "scrap_value", "stock.scrap")
        # Goods that a scrap takes out are no difference of a count.
        cls._policy(100)

    def _scrap(self, quantity, user=None, **values):
        return (
            self.env["stock.scrap"]
            .with_user(user or self.stan)
            .create(
                {
                    "product_id": self.bolt.id,
                    "scrap_qty": quantity,
                    "location_id": self.stock.id,
                    **values,
                }
            )
        )

    def assertTaken(self, quantity):
        self.env.invalidate_all()
        self.assertEqual(self.quant.quantity, 100 - quantity)

    def test_below_the_limit_it_is_done(self):
        scrap = self._scrap(9)
        scrap.action_validate()
        self.assertEqual(scrap.state, "done")
        self.assertTaken(9)

    def test_at_the_limit_it_waits_as_a_draft(self):
        scrap = self._scrap(10)
        answer = scrap.action_validate()
        self.assertIn("bea", answer["params"]["message"])
        self.assertEqual((scrap.state, scrap.approval_state), ("draft", "pending"))
        self.assertIn("Bolt", self._request(scrap).document)
        self.assertTaken(0)
        request = self._approve(scrap)
        self.assertEqual(scrap.state, "done")
        self.assertTrue(request.used_date)
        self.assertTaken(10)

    def test_more_than_there_is(self):
        scrap = self._scrap(120)
        action = scrap.action_validate()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.stan)
            .with_context(**action["context"])
            .create({"scrap_id": scrap.id})
        )
        wizard.action_done()
        self.assertEqual(scrap.state, "draft")
        self.assertTaken(0)

    def test_no_way_around_the_button(self):
        scrap = self._scrap(10)
        forged = {"distribution_approval_stock_passing": True, "is_scrap": True}
        for way in (
            scrap,
            scrap.sudo(),
            scrap.with_user(1),
            scrap.with_context(**forged),
        ):
            with self.assertRaisesRegex(UserError, "approval"):
                way.write({"state": "done"})
            way.do_scrap()
            self.assertEqual(scrap.state, "draft")
        with self.assertRaisesRegex(UserError, "approval"):
            self._scrap(10, state="done")
        self.assertTaken(0)

    def test_an_approval_is_good_for_once(self):
        scrap = self._scrap(10)
        scrap.action_validate()
        self._approve(scrap)
        with self.assertRaisesRegex(UserError, "done already"):
            scrap.do_scrap()
        self.assertTaken(10)
        copy = scrap.copy({"state": "draft"})
        copy.do_scrap()
        self.assertEqual((copy.state, copy.approval_state), ("draft", "pending"))

    def test_a_change_ends_the_request(self):
        for values in (
            {"scrap_qty": 11},
            {"product_id": self._product("Nut", 100).id},
            {"location_id": self.warehouse.wh_input_stock_loc_id.id},
        ):
            scrap = self._scrap(10)
            scrap.action_validate()
            request = self._request(scrap)
            scrap.write(values)
            self.assertEqual(request.state, "superseded", values)

    def test_a_done_scrap_does_not_grow(self):
        scrap = self._scrap(9)
        scrap.action_validate()
        with self.assertRaises(UserError):
            scrap.move_ids.move_line_ids.with_user(self.mia).quantity = 90
        self.env.invalidate_all()

    def test_facts(self):
        tag = self.env["stock.scrap.reason.tag"].create({"name": "Rust"})
        scrap = self._scrap(10, scrap_reason_tag_ids=tag.ids)
        scrap.action_validate()
        facts = dict(self._request(scrap).facts)
        self.assertEqual(
            facts, {"Quantity": "10 Units", "Value": "100 USD", "Reason": "Rust"}
        )
