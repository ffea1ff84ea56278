from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTransferTours(HttpCase):
    def test_a_storeman_asks_for_goods(self):
        region = self.env["distribution.region"].create(
            {"name": "Tour Region", "code": "TR"}
        )
        central, depot = self.env["distribution.branch"].create(
            [
                {"name": name, "code": code, "region_id": region.id}
                for name, code in (("Tour Central", "TCEN"), ("Tour Depot", "TDEP"))
            ]
        )
        self.env["distribution.lane"].create(
            {"source_branch_id": central.id, "destination_branch_id": depot.id}
        )
        product = self.env["product.product"].create(
            {"name": "Tour bolt", "is_storable": True, "standard_price": 2.0}
        )
        self.env["stock.quant"].with_context(inventory_mode=True).create(
            {
                "product_id": product.id,
                "location_id": central.warehouse_id.lot_stock_id.id,
                "inventory_quantity": 20,
            }
        ).action_apply_inventory()
        clerk = new_test_user(
            self.env,
            login="tour_clerk",
            password="tour_clerk",
            groups="distribution_base.group_branch_operator",
            branch_ids=depot.ids,
        )
        self.start_tour(
            "/odoo/distribution-transfers",
            "distribution_transfer_request",
            login="tour_clerk",
        )
        transfer = self.env["distribution.transfer"].search(
            [("destination_branch_id", "=", depot.id)]
        )
        self.assertEqual((transfer.state, transfer.user_id), ("approved", clerk))
        self.assertEqual(transfer.line_ids.requested_qty, 5)
