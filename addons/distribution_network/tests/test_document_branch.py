from odoo import Command
from odoo.tests import Form, tagged

from .common import NetworkCase


@tagged("post_install", "-at_install")
class TestDocumentBranch(NetworkCase):
    def test_orders_and_what_follows_from_them(self):
        self._count(self.product, self.north, 5)
        order = self._sell(self.olga, self.north, 2)
        self.assertEqual(order.branch_id, self.north)
        self.assertEqual(order.order_line.branch_id, self.north)
        picking = order.picking_ids
        self.assertEqual(picking.branch_id, self.north)
        self._do(picking, self.olga)
        self.assertEqual(picking.move_ids.branch_id, self.north)
        self.assertEqual(picking.move_line_ids.branch_id, self.north)
        invoice = order._create_invoices()
        self.assertEqual(invoice.branch_id, self.north)
        self.assertEqual(invoice.invoice_line_ids.branch_id, self.north)

    def test_purchases_and_their_bills(self):
        order = self._buy(self.bea, self.north, 3)
        self.assertEqual(order.branch_id, self.north)
        self.assertEqual(order.picking_ids.branch_id, self.north)
        self._do(order.picking_ids, self.bea)
        order.action_create_invoice()
        self.assertEqual(order.invoice_ids.branch_id, self.north)
        self.assertEqual(order.order_line.branch_id, self.north)

    def test_the_default_warehouse_is_the_own_branch(self):
        order = self.env["sale.order"].with_user(self.olga)
        form = Form(order)
        self.assertEqual(form.warehouse_id, self.north.warehouse_id)
        form.partner_id = self.customer
        self.assertEqual(form.save().branch_id, self.north)
        purchase = Form(self.env["purchase.order"].with_user(self.bea))
        purchase.partner_id = self.vendor
        self.assertEqual(purchase.save().branch_id, self.north)

    def test_an_invoice_by_hand_is_the_makers_branch(self):
        biller = self._new_user("branch_operator", "bill", branch_ids=self.north.ids)
        biller.group_ids += self.env.ref("account.group_account_invoice")
        invoice = self._invoice(biller)
        self.assertEqual(invoice.branch_id, self.north)
        controller = self._new_user("finance_controller", "fin")
        self.assertFalse(self._invoice(controller).branch_id)

    def _invoice(self, user):
        return (
            self.env["account.move"]
            .with_user(user)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_line_ids": [
                        Command.create({"product_id": self.product.id, "quantity": 1})
                    ],
                }
            )
        )

    def test_an_invoice_of_two_branches_keeps_both_on_its_lines(self):
        orders = self._sell(self.olga, self.north, 1) | self._sell(
            self.wim, self.west, 2
        )
        orders = orders.with_user(self.boss)
        for order in orders:
            order.order_line.qty_delivered = order.order_line.product_uom_qty
        invoice = orders._create_invoices()
        self.assertEqual(len(invoice), 1)
        self.assertEqual(
            invoice.invoice_line_ids.branch_id, self.north | self.west, "lines"
        )

    def test_a_warehouse_that_changes_branch_takes_its_documents_along(self):
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "SEC", "branch_id": self.north.id}
        )
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "warehouse_id": second.id}
        )
        self.assertEqual(order.branch_id, self.north)
        second.branch_id = self.west
        self.assertEqual(order.branch_id, self.west)
        self.assertEqual(second.in_type_id.branch_id, self.west)

    def test_lists_group_by_branch(self):
        self._sell(self.olga, self.north, 1)
        self._sell(self.wim, self.west, 1)
        for model in ("sale.order", "stock.picking", "stock.move"):
            groups = self.env[model]._read_group([], ["branch_id"], ["__count"])
            self.assertLessEqual(
                {self.north, self.west}, {branch for branch, _count in groups}, model
            )
