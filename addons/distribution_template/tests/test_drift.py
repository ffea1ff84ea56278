from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TemplateCase


@tagged("post_install", "-at_install")
class TestDrift(TemplateCase):
    """What differs from the template today, and its repair."""

    def setUp(self):
        super().setUp()
        self.opening = self._open()
        self.branch = self.opening.branch_id

    def test_none(self):
        self.assertEqual(self.branch.with_user(self.boss).drift_count, 0)
        self.assertFalse(self._drift(self.branch))

    def test_a_location_renamed_and_moved(self):
        shelf = self._location(self.branch, "Shelf")
        shelf.write({"name": "Shop", "location_role": "damaged"})
        lines = self._drift(self.branch)
        self.assertEqual(
            lines.mapped(lambda x: (x.field_label, x.value_branch, x.value_template)),
            [
                ("Location Name", "Shop", "Shelf"),
                ("Location Role", "Damaged", "Picking"),
            ],
        )
        self.assertEqual(self.branch.with_user(self.boss).drift_count, 1)
        lines[0].action_reapply()
        self.assertEqual(shelf.name, "Shelf")
        self.assertEqual(shelf.location_role, "picking")

    def test_a_lane_changed(self):
        lane = self.branch.lane_in_ids
        lane.write({"cutoff_time": 9.5, "monday": False})
        values = {
            line.field_label: (line.value_branch, line.value_template)
            for line in self._drift(self.branch)
        }
        self.assertEqual(values["Cut-off"], ("09:30", "16:00"))
        self.assertEqual(values["Monday"], ("No", "Yes"))

    def test_a_lane_archived(self):
        lane = self.branch.lane_in_ids
        lane.action_archive()
        line = self._drift(self.branch)
        self.assertEqual(line.field_label, "Active")
        line.action_reapply()
        self.assertTrue(lane.active)
        self.assertTrue(lane.route_id.active)

    def test_steps_changed(self):
        self.branch.warehouse_id.delivery_steps = "pick_ship"
        line = self._drift(self.branch)
        self.assertEqual(line.name, "Warehouse Depot EAS")
        self.assertEqual(line.value_template, "Deliver (1 step)")

    def test_the_template_changed(self):
        self.template.location_ids = [
            (0, 0, {"name": "Returns", "location_role": "quality_hold"})
        ]
        line = self._drift(self.branch)
        self.assertEqual((line.action, line.name), ("create", "Location EAS/Returns"))
        line.action_reapply()
        self.assertTrue(self._location(self.branch, "Returns"))
        self.assertFalse(self._drift(self.branch))

    def test_repairing_a_line_alone(self):
        self._location(self.branch, "Damaged").name = "Broken"
        self.branch.lane_in_ids.transit_days = 4
        lines = self._drift(self.branch)
        lines.filtered(lambda x: x.field_label == "Location Name").action_reapply()
        self.assertTrue(self._location(self.branch, "Damaged"))
        self.assertEqual(self.branch.lane_in_ids.transit_days, 4)

    def test_repairing_takes_along_what_is_needed(self):
        shelf = self._location(self.branch, "Shelf")
        (self._location(self.branch, "Rack") | shelf).unlink()
        lines = self._drift(self.branch)
        self.assertEqual(len(lines), 2)
        lines.filtered(lambda x: "Rack" in x.name).action_reapply()
        self.assertEqual(self._location(self.branch, "Rack").location_id.name, "Shelf")
        self.assertFalse(self._drift(self.branch))

    def test_repairing_everything(self):
        self._location(self.branch, "Damaged").name = "Broken"
        self.branch.lane_in_ids.transit_days = 4
        self._drift(self.branch).drift_id.action_reapply_all()
        self.assertFalse(self._drift(self.branch))
        self.assertEqual(self.branch.with_user(self.boss).drift_count, 0)

    def test_a_repair_is_evidence(self):
        self.branch.lane_in_ids.transit_days = 4
        self._drift(self.branch).action_reapply()
        evidence = self.env["distribution.template.application"].search(
            [("branch_ref", "=", self.branch.id)], limit=1
        )
        self.assertEqual(evidence.report, "Changed Lane CEN → EAS: Transit Days: 4 → 1")
        self.assertEqual(evidence.user_id, self.boss)

    def test_the_branch_owns_its_name_and_address(self):
        self.branch.write({"name": "Eastport", "region_id": self.region_west.id})
        self.branch.partner_id.street = "2 Quay"
        self.assertFalse(self._drift(self.branch))

    def test_what_is_there_in_addition_is_no_drift(self):
        self._open_lane(self.branch, self.west)
        self.env["stock.location"].create(
            {"name": "Yard", "location_id": self.branch.warehouse_id.lot_stock_id.id}
        )
        self.assertFalse(self._drift(self.branch))

    def test_a_planner_and_an_auditor_read_it(self):
        self.branch.lane_in_ids.transit_days = 4
        audrey = self._new_user("auditor", "audrey")
        for user in (self.paul, audrey):
            lines = self._drift(self.branch, user)
            self.assertEqual(lines.mapped("field_label"), ["Transit Days"])
            self.assertEqual(self.branch.with_user(user).drift_count, 1)
            with self.assertRaises(AccessError):
                lines.action_reapply()
        self.assertEqual(self.branch.lane_in_ids.transit_days, 4)

    def test_a_report_is_its_users_own(self):
        lines = self._drift(self.branch, self.paul)
        report = self.env["distribution.template.drift"].search([], limit=1)
        self.branch.lane_in_ids.transit_days = 4
        self.assertFalse(lines)
        petra = self._new_user("network_planner", "petra")
        with self.assertRaises(AccessError):
            report.with_user(petra).read(["branch_id"])

    def test_a_branch_made_by_hand_has_no_template(self):
        self.assertEqual(self.north.with_user(self.boss).drift_count, 0)
        with self.assertRaisesRegex(UserError, "No template was applied to branch"):
            self.north.with_user(self.boss).action_view_drift()

    def test_a_lane_that_has_lost_its_other_end(self):
        self.lane_line.peer_type = "cross_dock"
        self.opening.invalidate_recordset()
        self.assertEqual(self.branch.with_user(self.boss).drift_count, 1)
        with self.assertRaisesRegex(UserError, "has none"):
            self.branch.with_user(self.boss).action_view_drift()

    def test_somebody_who_left_is_no_drift(self):
        opening = self._open(
            "WST",
            person_ids=[(0, 0, {"user_id": self.wim.id, "job_id": self.chief.id})],
        )
        branch = opening.branch_id
        self.wim.group_ids -= self.chief.group_id
        line = self._drift(branch)
        self.assertEqual(line.field_label, "Role")
        self.assertEqual(line.value_template, "Branch manager")
        branch.user_ids -= self.wim
        self.assertFalse(self._drift(branch))
