from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import NetworkCase


@tagged("post_install", "-at_install")
class TestLane(NetworkCase):
    def test_a_planner_makes_one_in_the_form(self):
        form = Form(self.env["distribution.lane"].with_user(self.paul))
        form.source_branch_id = self.north
        form.destination_branch_id = self.west
        form.transit_days = 2
        lane = form.save()
        self.assertEqual(lane.name, "NOR → WES")
        transit = lane.transit_location_id
        self.assertEqual((transit.usage, transit.location_role), ("transit", "transit"))
        self.assertTrue(transit.active)
        self.assertEqual(transit.company_id, self.company)

    def test_nobody_below_makes_one(self):
        for user in (self.olga, self.bea, self.rita):
            with self.assertRaises(AccessError):
                self.env["distribution.lane"].with_user(user).create(
                    {
                        "source_branch_id": self.north.id,
                        "destination_branch_id": self.west.id,
                    }
                )

    def _legs(self):
        rules = self.lane_north.route_id.rule_ids
        order = ["pick", "pack", "ship", "receive", "deliver"]
        return [
            (rule.lane_leg, rule.location_src_id, rule.location_dest_id)
            for rule in rules.sorted(lambda rule: order.index(rule.lane_leg))
        ]

    def test_the_route_follows_the_steps_of_both_ends(self):
        central, north = self.central.warehouse_id, self.north.warehouse_id
        transit = self.lane_north.transit_location_id
        stock, pack, out = (
            central.lot_stock_id,
            central.wh_pack_stock_loc_id,
            central.wh_output_stock_loc_id,
        )
        receive = ("receive", transit, north.lot_stock_id)
        customers = self.env.ref("stock.stock_location_customers")
        deliver = ("deliver", north.lot_stock_id, customers)
        expected = {
            "ship_only": [("ship", stock, transit), receive, deliver],
            "pick_ship": [
                ("pick", stock, out),
                ("ship", out, transit),
                receive,
                deliver,
            ],
            "pick_pack_ship": [
                ("pick", stock, pack),
                ("pack", pack, out),
                ("ship", out, transit),
                receive,
                deliver,
            ],
        }
        for steps in ("pick_pack_ship", "ship_only", "pick_ship", "ship_only"):
            central.delivery_steps = steps
            self.assertEqual(self._legs(), expected[steps], steps)

    def test_a_lane_to_itself(self):
        with self.assertRaisesRegex(ValidationError, "NOR.* to itself"):
            self._open_lane(self.north, self.north)

    def test_a_second_lane_for_the_pair(self):
        with self.assertRaisesRegex(
            ValidationError, "from .CEN. Central to .NOR. North"
        ):
            self._open_lane(self.central, self.north)
        self.lane_north.action_archive()
        with self.assertRaisesRegex(ValidationError, "Restore it"):
            self._open_lane(self.central, self.north)

    def test_the_way_back_is_another_lane(self):
        back = self._open_lane(self.north, self.central)
        self.assertNotEqual(
            back.transit_location_id, self.lane_north.transit_location_id
        )

    def test_bad_values(self):
        for values in (
            {"transit_days": -1},
            {"transit_days": 91},
            {"cutoff_time": 24.0},
            {"cutoff_time": -1.0},
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError, msg=values),
            ):
                self.lane_north.write(values)
                self.lane_north.flush_recordset()
            self.lane_north.invalidate_recordset(flush=False)
        with self.assertRaisesRegex(ValidationError, "at least one departure day"):
            self.lane_north.write(dict.fromkeys(self._weekdays(), False))

    @staticmethod
    def _weekdays():
        return (
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        )

    def test_the_ends_stay(self):
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            self.lane_north.destination_branch_id = self.west

    def test_a_used_lane_is_kept(self):
        self._count(self.product, self.central, 5)
        self._replenish(self.lane_north, 1)
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.lane_north.with_user(self.boss).unlink()

    def test_an_unused_lane_goes_with_its_route_and_location(self):
        location, route = self.lane_north.transit_location_id, self.lane_north.route_id
        self.lane_north.with_user(self.boss).unlink()
        self.assertFalse(location.exists())
        self.assertFalse(route.exists())

    def test_lead_time(self):
        self.assertEqual(self.lane_north.lead_days, 1)
        self.lane_north.write(dict.fromkeys(self._weekdays(), False) | {"monday": True})
        self.assertEqual(self.lane_north.lead_days, 7)
        self.lane_north.write({"thursday": True, "transit_days": 2})
        self.assertEqual(self.lane_north.lead_days, 5)
        receive = self.lane_north.route_id.rule_ids.filtered(
            lambda rule: rule.lane_leg == "receive"
        )
        self.assertEqual(receive.delay, 5)

    @mute_logger("odoo.sql_db")  # a missing end is the database's to refuse
    def test_import_names_the_bad_row(self):
        Lane = self.env["distribution.lane"].with_user(self.paul)
        result = Lane.load(
            ["source_branch_id", "destination_branch_id", "transit_days"],
            [["North", "West", "1"], ["North", "Nowhere", "1"]],
        )
        self.assertFalse(result["ids"])
        self.assertEqual(result["messages"][0]["rows"]["from"], 1)
        self.assertFalse(Lane.search([("source_branch_id", "=", self.north.id)]))
