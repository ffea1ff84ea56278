from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTours(HttpCase):
    def test_open_a_branch_and_a_lane_by_hand(self):
        region = self.env["distribution.region"].create(
            {"name": "Tour Region", "code": "TR"}
        )
        central = self.env["distribution.branch"].create(
            {
                "name": "Tour Central",
                "code": "TCEN",
                "region_id": region.id,
                "branch_type": "central",
            }
        )
        new_test_user(
            self.env,
            login="tour_boss",
            password="tour_boss",
            groups="distribution_base.group_administrator",
        )
        self.start_tour(
            "/odoo/distribution-branches",
            "distribution_network_open_branch",
            login="tour_boss",
        )
        depot = self.env["distribution.branch"].search([("code", "=", "TDEP")])
        self.assertEqual(depot.lane_in_ids.source_branch_id, central)
        self.assertTrue(depot.lane_in_ids.transit_location_id.active)
