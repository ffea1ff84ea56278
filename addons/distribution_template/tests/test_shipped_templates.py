from odoo.tests import tagged

from .common import TemplateCase


@tagged("post_install", "-at_install")
class TestShippedTemplates(TemplateCase):
    """The templates that come with the addon, in a company that has nothing yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fresh = cls.env["res.company"].create({"name": "Fresh Ltd"})
        cls.fred = cls._new_user(
            "administrator",
            "fred",
            company_id=cls.fresh.id,
            company_ids=cls.fresh.ids,
        )
        cls.region = cls.env["distribution.region"].create(
            {"name": "All", "code": "ALL", "company_id": cls.fresh.id}
        )

    def _open_shipped(self, name, code):
        return self._open(
            code,
            user=self.fred,
            template_id=self.env.ref(f"distribution_template.template_{name}").id,
            region_id=self.region.id,
            company_id=self.fresh.id,
        ).branch_id

    def test_all_of_them(self):
        central = self._open_shipped("central", "CEN")
        self.assertEqual(central.branch_type, "central")
        self.assertEqual(central.warehouse_id.reception_steps, "two_steps")
        self.assertEqual(central.warehouse_id.delivery_steps, "pick_ship")
        self.assertEqual(
            {
                location.name: location.location_role
                for location in self.env["stock.location"].search(
                    [
                        ("branch_id", "=", central.id),
                        ("template_location_id", "!=", False),
                    ]
                )
            },
            {
                "Reserve Racks": "reserve",
                "Picking Face": "picking",
                "Quality Hold": "quality_hold",
                "Damaged": "damaged",
                "Returns": "quality_hold",
            },
        )
        depot = self._open_shipped("depot", "DEP")
        self.assertEqual(depot.lane_in_ids.source_branch_id, central)
        self.assertTrue(depot.lane_in_ids.monday and depot.lane_in_ids.friday)
        self.assertFalse(depot.lane_in_ids.saturday or depot.lane_in_ids.sunday)
        self.assertEqual(depot.lane_in_ids.cutoff_time, 16)
        self.assertTrue(depot.lane_out_ids.friday)
        self.assertFalse(depot.lane_out_ids.monday)
        dock = self._open_shipped("cross_dock", "XDK")
        self.assertEqual((len(dock.lane_in_ids), len(dock.lane_out_ids)), (1, 1))
        third = self._open_shipped("third_party", "TPW")
        self.assertEqual(third.branch_type, "third_party")
        for branch in (central, depot, dock, third):
            self.assertFalse(self._drift(branch, self.fred))
