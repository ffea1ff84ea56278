from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import AccountingCase


@tagged("post_install", "-at_install")
class TestLanePrice(AccountingCase):
    """Controllers say what goods cost the receiving branch; planners keep the lanes."""

    def _change(self, user, **values):
        action = self.lane_north.with_user(user).action_change_price()
        Wizard = self.env[action["res_model"]].with_user(user)
        with Form(Wizard.with_context(**action["context"])) as form:
            for name, value in values.items():
                form[name] = value
        form.record.action_apply()
        return form.record

    def test_a_controller_changes_the_price(self):
        changed = self._change(self.fiona, price_rule="cost_plus", price_percent=10)
        lane = self.lane_north
        self.assertEqual((lane.price_rule, lane.price_percent), ("cost_plus", 10))
        self.assertRegex(changed.price_example, r"100\.00 go at .*110\.00")
        self.assertEqual(lane.price_example, changed.price_example)
        self._change(self.fiona, price_rule="list_minus", price_percent=20)
        self.assertRegex(lane.price_example, r"150\.00 go at .*120\.00")
        self._change(self.fiona, price_rule="cost", freight_bearer="source")
        self.assertEqual((lane.price_percent, lane.freight_bearer), (0, "source"))
        self.assertRegex(lane.price_example, r"100\.00 go at .*100\.00")

    def test_the_example_is_what_is_posted(self):
        self.bolt.write({"standard_price": 100, "lst_price": 150})
        for values in (
            {"price_rule": "cost"},
            {"price_rule": "cost_plus", "price_percent": 10},
            {"price_rule": "list_minus", "price_percent": 20},
        ):
            self._change(self.fiona, **values)
            price = self.lane_north._transfer_prices(self.bolt)[self.bolt]
            self.assertIn(f"go at $\xa0{price:.2f}", self.lane_north.price_example)

    def test_a_price_that_makes_no_sense(self):
        with self.assertRaisesRegex(ValidationError, "no more than 100"):
            self._change(self.fiona, price_rule="list_minus", price_percent=120)

    def test_nobody_else(self):
        for user in (self.paul, self.bea, self.rita, self.olga):
            lane = self.lane_north.with_user(user)
            for change in (
                lane.action_change_price,
                lambda lane=lane: lane.write({"price_rule": "list_minus"}),
                lambda user=user: self.env["distribution.lane.price"]
                .with_user(user)
                .create({"lane_id": self.lane_north.id})
                .action_apply(),
            ):
                with self.assertRaises(AccessError, msg=user.login):
                    change()
        self.assertEqual(self.lane_north.price_rule, "cost")

    def test_planners_keep_lanes(self):
        self.lane_north.with_user(self.paul).transit_days = 2
        values = {
            "source_branch_id": self.north.id,
            "destination_branch_id": self.west.id,
        }
        Lane = self.env["distribution.lane"].with_user(self.paul)
        with self.assertRaises(AccessError):
            Lane.create({**values, "price_rule": "cost_plus"})
        lane = Lane.create({**values, "price_rule": "cost", "price_deferred": True})
        self.assertEqual(lane.freight_bearer, "destination")

    def test_a_controller_changes_nothing_else(self):
        with self.assertRaises(AccessError):
            self.lane_north.with_user(self.fiona).transit_days = 5
