from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import NetworkCase


@tagged("post_install", "-at_install")
class TestLocationRole(NetworkCase):
    def _location(self, role=None, parent=None, **values):
        return self.env["stock.location"].create(
            {
                "name": role or "Plain",
                "location_id": (parent or self.north.warehouse_id.lot_stock_id).id,
                "location_role": role,
                **values,
            }
        )

    def test_a_new_warehouse_has_roles(self):
        warehouse = self.north.warehouse_id
        self.assertEqual(warehouse.lot_stock_id.location_role, "picking")
        self.assertEqual(warehouse.wh_input_stock_loc_id.location_role, "input")
        self.assertEqual(warehouse.wh_qc_stock_loc_id.location_role, "quality_hold")
        self.assertEqual(warehouse.wh_output_stock_loc_id.location_role, "output")

    def test_the_role_decides_what_can_be_promised(self):
        for role, promisable in (
            ("reserve", True),
            ("picking", True),
            ("input", True),
            ("output", True),
            (None, True),
            ("quality_hold", False),
            ("damaged", False),
        ):
            self.assertEqual(self._location(role).is_promisable, promisable, role)
        self.assertFalse(self.lane_north.transit_location_id.is_promisable)

    def test_a_shelf_in_a_hold_is_on_hold(self):
        hold = self._location("quality_hold")
        shelf = self._location("picking", parent=hold)
        self.assertFalse(shelf.is_promisable)
        hold.location_role = "reserve"
        self.assertTrue(shelf.is_promisable)

    def test_roles_fit_the_type(self):
        with self.assertRaisesRegex(ValidationError, "not transit location"):
            self._location("transit")
        with self.assertRaisesRegex(ValidationError, "cannot have a role"):
            self._location("picking", usage="customer")

    def test_locations_know_their_branch(self):
        self.assertEqual(self._location("reserve").branch_id, self.north)
        self.assertFalse(self.lane_north.transit_location_id.branch_id)
        self.assertEqual(self.lane_north.transit_location_id.lane_id, self.lane_north)
