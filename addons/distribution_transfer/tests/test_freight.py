from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import TransferCase


class FreightCase(TransferCase):
    """Freight of transfers, and the bills for it.

    `carl` is a controller. A bolt weighs 2 kg, a nut 1 kg; 10 bolts (cost 4) and 20 nuts
    (cost 1) are 40 kg and cost 60. `_bill` posts a vendor bill for freight.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carl = cls._new_user("finance_controller", "carl")
        cls.bolt.write({"weight": 2.0, "volume": 0.01})
        cls.nut.write({"weight": 1.0, "volume": 0.01})
        cls.cost_account = cls.env["account.account"].create(
            {"name": "Freight", "code": "TFRGHT", "account_type": "expense"}
        )
        cls.payable = cls.env["account.account"].create(
            {
                "name": "Hauliers",
                "code": "THAUL",
                "account_type": "liability_payable",
                "reconcile": True,
            }
        )
        cls.haulier = cls.env["res.partner"].create(
            {"name": "Fast Wheels", "property_account_payable_id": cls.payable.id}
        )
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "Freight bills",
                "code": "TFRB",
                "type": "purchase",
                "default_account_id": cls.cost_account.id,
            }
        )

    def _charge(self, rule, rate, **values):
        self.lane_north.with_user(self.paul).write(
            {"freight_rule": rule, "freight_rate": rate, **values}
        )

    def _bill(self, amount, user=None, post=True):
        bill = (
            self.env["account.move"]
            .with_user(user or self.carl)
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": self.haulier.id,
                    "journal_id": self.journal.id,
                    "invoice_date": fields.Date.today(),
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Transport",
                                "quantity": 1,
                                "price_unit": amount,
                                "account_id": self.cost_account.id,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        if post:
            bill.action_post()
        return bill

    def _assign(self, bill, transfers, user=None):
        """Through the screen, as `carl` does it."""
        bill = bill.with_user(user or self.carl)
        action = bill.action_assign_freight()
        wizard = self.env[action["res_model"]].with_user(user or self.carl)
        form = Form(wizard.with_context(**action["context"]))
        form.transfer_ids.clear()
        for transfer in transfers:
            form.transfer_ids.add(transfer.sudo())
        form.save().action_assign()

    def _shares(self, transfer):
        return {line.product_id: line.freight_amount for line in transfer.line_ids}

    def assertFreight(self, transfer, amount, source):
        transfer.invalidate_recordset()
        self.assertAlmostEqual(transfer.freight_amount, amount, 2)
        self.assertEqual(transfer.freight_source, source)
        self.assertAlmostEqual(sum(self._shares(transfer).values()), amount, 6)


@tagged("post_install", "-at_install")
class TestFreightRules(FreightCase):
    def test_no_rule(self):
        transfer = self._request()
        self.assertFreight(transfer, 0, "none")

    def test_fixed_is_shared_by_weight(self):
        self._charge("fixed", 100)
        transfer = self._transfer()
        self.assertEqual(transfer.freight_amount, 0, "a draft costs nothing")
        transfer.action_request()
        self.assertFreight(transfer, 100, "rule")
        self.assertEqual(self._shares(transfer), {self.bolt: 50, self.nut: 50})

    def test_fixed_is_shared_by_value_where_a_weight_is_not_known(self):
        self.nut.weight = 0
        self._charge("fixed", 100)
        transfer = self._request()
        self.assertEqual(self._shares(transfer), {self.bolt: 66.67, self.nut: 33.33})
        self.assertFreight(transfer, 100, "rule")

    def test_by_weight(self):
        self._charge("weight", 0.125)
        self.assertFreight(self._request(), 5, "rule")

    def test_by_weight_in_pounds(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("product.weight_in_lbs", "1")
        self._charge("weight", 1)
        self.assertFreight(self._request(), 18.14, "rule")

    def test_by_weight_of_another_unit(self):
        self._charge("weight", 1)
        dozen = self.env.ref("uom.product_uom_dozen")
        transfer = self._transfer(quantities={self.bolt: 2})
        transfer.line_ids.product_uom_id = dozen
        transfer.action_request()
        self.assertFreight(transfer, 48, "rule")

    def test_by_volume(self):
        self._charge("volume", 50)
        transfer = self._request()
        self.assertFreight(transfer, 15, "rule")
        self.assertEqual(self._shares(transfer), {self.bolt: 5, self.nut: 10})

    def test_by_value(self):
        self._charge("value", 5)
        transfer = self._request()
        self.assertFreight(transfer, 3, "rule")
        self.assertEqual(self._shares(transfer), {self.bolt: 2, self.nut: 1})

    def test_by_distance(self):
        with self.assertRefused("kilometres", ValidationError):
            self._charge("distance", 1.5)
        self._charge("distance", 1.5, distance=200)
        self.assertFreight(self._request(), 300, "rule")

    def test_minimum(self):
        self._charge("weight", 0.1, freight_minimum=25)
        self.assertFreight(self._request(), 25, "rule")

    def test_the_shares_add_up_to_the_cent(self):
        products = [
            self._new_product(f"Washer {number}", weight=1) for number in range(7)
        ]
        for product in products:
            self._count(product, self.central, 5)
        self._charge("fixed", 100)
        transfer = self._request(
            quantities=dict.fromkeys(products, 1), reason="balancing"
        )
        shares = self._shares(transfer).values()
        self.assertFreight(transfer, 100, "rule")
        self.assertTrue(all(share in (14.28, 14.29) for share in shares), shares)

    def test_transfers_on_one_truck_share_what_it_costs(self):
        self._charge("fixed", 90)
        first = self._request()
        self.assertFreight(first, 90, "rule")
        second = self._request(quantities={self.bolt: 10})
        self.assertEqual(first.departure_date, second.departure_date)
        self.assertFreight(first, 60, "rule")
        self.assertFreight(second, 30, "rule")
        second.departure_date += timedelta(days=1)
        self.assertFreight(first, 90, "rule")
        self.assertFreight(second, 90, "rule")
        second.departure_date -= timedelta(days=1)
        self.assertFreight(first, 60, "rule")
        second.action_cancel()
        self.assertFreight(first, 90, "rule")
        self.assertFreight(second, 0, "none")

    def test_what_is_shipped_counts(self):
        self._charge("weight", 1)
        transfer = self._request()
        self.assertFreight(transfer, 40, "rule")
        self._ship(transfer, {self.bolt: 6, self.nut: 0})
        self.assertFreight(transfer, 12, "rule")
        self.assertEqual(self._shares(transfer), {self.bolt: 12, self.nut: 0})
        self._ship(transfer)
        self.assertFreight(transfer, 40, "rule")

    def test_a_closed_transfer_keeps_its_freight(self):
        self._charge("fixed", 100)
        transfer = self._request()
        self._ship(transfer)
        self._receive(transfer)
        transfer.action_close()
        self._charge("fixed", 500)
        self._request(quantities={self.bolt: 1})
        self.assertFreight(transfer, 100, "rule")

    def test_constant_queries(self):
        self._charge("fixed", 100)
        products = [
            self._new_product(f"Washer {number}", weight=1) for number in range(30)
        ]
        for product in products:
            self._count(product, self.central, 5)
        few = self._request(quantities={self.bolt: 1, self.nut: 1})
        many = self._request(
            quantities=dict.fromkeys(products, 1), reason="balancing", lane=None
        )
        counts = []
        for transfer in (few, many):
            transfer.line_ids.sudo()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            transfer._set_freight()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_what_is_told_to_branch_accounting(self):
        self._charge("fixed", 100)
        transfer = self._request()
        [posting] = transfer._prepare_freight_postings()
        self.assertEqual(posting["amount"], 100)
        self.assertEqual(sum(line["amount"] for line in posting["lines"]), 100)
        self.assertEqual(posting["source_branch_id"], self.central.id)
        self.assertEqual(
            transfer._freight_shares(), {line: 50 for line in transfer.line_ids}
        )


@tagged("post_install", "-at_install")
class TestFreightRights(FreightCase):
    def test_nobody_types_freight(self):
        self._charge("fixed", 100)
        transfer = self._request()
        for user in (self.olga, self.cora, self.boss, self.carl):
            for record, vals in (
                (transfer, {"freight_amount": 1}),
                (transfer, {"freight_source": "none"}),
                (transfer.line_ids[0], {"freight_amount": 1}),
            ):
                with self.assertRefused("."):
                    record.with_user(user).write(vals)
        with self.assertRefused("nobody can type"):
            transfer.with_user(self.boss).write(
                {
                    "line_ids": [
                        Command.update(transfer.line_ids[0].id, {"freight_amount": 9})
                    ]
                }
            )
        with self.assertRefused("nobody can type"):
            self._transfer(freight_source="rule")

    def test_nobody_links_a_bill_behind_the_back(self):
        transfer = self._request()
        line = self._bill(50).invoice_line_ids
        for user in (self.carl, self.boss):
            with self.assertRefused("nobody can type"):
                line.with_user(user).write(
                    {"freight_transfer_ids": [Command.link(transfer.id)]}
                )
            with self.assertRefused("nobody can type"):
                transfer.with_user(user).write(
                    {"freight_bill_line_ids": [Command.link(line.id)]}
                )
        self.assertFalse(line.freight_transfer_ids)

    def test_who_keeps_no_books_assigns_no_bills(self):
        transfer = self._request()
        bill = self._bill(50)
        auditor = self._new_user("auditor", "audrey")
        for user in (self.olga, self.bea, self.paul, auditor):
            with self.assertRaises(AccessError):
                bill.invoice_line_ids.with_user(user).assign_freight(transfer.ids)
            with self.assertRaises(AccessError):
                self.env["distribution.freight.assign"].with_user(user).create({})
        buyer = self._new_user("central_buyer", "bruno")
        with self.assertRefused("keep the books", AccessError):
            bill.invoice_line_ids.with_user(buyer).assign_freight(transfer.ids)

    def test_who_only_books_bills_reads_them(self):
        self._charge("fixed", 100)
        bill = self._bill(50, post=False)
        bill.branch_id = self.north
        bill.action_post()
        self._assign(bill, self._request())
        clerk = self._new_user(None, "clara", branch_ids=self.north.ids)
        clerk.group_ids += self.env.ref("account.group_account_invoice")
        self.env.invalidate_all()
        line = bill.invoice_line_ids.with_user(clerk)
        self.assertEqual(line.read()[0]["price_subtotal"], 50)
        shown = bill.with_user(clerk).read(["name", "freight_transfer_count"])
        self.assertEqual(shown[0]["freight_transfer_count"], 1)
        bill.with_user(clerk).button_draft()

    def test_only_the_planner_sets_the_rule(self):
        for user in (self.olga, self.bea, self.carl):
            with self.assertRaises(AccessError):
                self.lane_north.with_user(user).freight_rate = 1


@tagged("post_install", "-at_install")
class TestFreightBills(FreightCase):
    def test_a_bill_replaces_the_rule(self):
        self._charge("fixed", 100)
        transfer = self._request()
        bill = self._bill(130)
        self._assign(bill, transfer)
        self.assertFreight(transfer, 130, "bill")
        self.assertEqual(self._shares(transfer), {self.bolt: 65, self.nut: 65})
        self.assertEqual(bill.freight_transfer_count, 1)
        self._assign(bill, self.env["distribution.transfer"])
        self.assertFreight(transfer, 100, "rule")

    def test_a_bill_for_several_transfers_is_shared_by_their_basis(self):
        self._charge("value", 1)
        first = self._request()
        second = self._request(quantities={self.bolt: 15})
        self._assign(self._bill(100), first | second.with_user(self.olga))
        self.assertFreight(first, 50, "bill")
        self.assertFreight(second, 50, "bill")

    def test_transfers_of_a_lane_and_period_are_chosen(self):
        first, second = self._request(), self._request(quantities={self.nut: 1})
        action = self._bill(10).action_assign_freight()
        wizard = self.env[action["res_model"]].with_user(self.carl)
        form = Form(wizard.with_context(**action["context"]))
        form.lane_id = self.lane_north
        self.assertEqual(set(form.transfer_ids.ids), {first.id, second.id})
        form.date_to = first.departure_date.date() - timedelta(days=1)
        self.assertFalse(form.transfer_ids.ids)

    def test_from_the_transfers(self):
        transfer = self._request()
        line = self._bill(40).invoice_line_ids
        wizard = self.env["distribution.freight.assign"].with_user(self.carl)
        form = Form(wizard.with_context(default_transfer_ids=transfer.ids))
        form.bill_line_ids.add(line)
        self.assertEqual(form.amount, 40)
        form.save().action_assign()
        self.assertFreight(transfer, 40, "bill")

    def test_a_second_bill_adds_up(self):
        transfer = self._request()
        self._assign(self._bill(40), transfer)
        self._assign(self._bill(2.5), transfer)
        self.assertFreight(transfer, 42.5, "bill")

    def test_a_bill_that_is_taken_back_does_not_count(self):
        self._charge("fixed", 100)
        transfer = self._request()
        bill = self._bill(130)
        self._assign(bill, transfer)
        bill.button_draft()
        self.assertFreight(transfer, 100, "rule")
        bill.invoice_line_ids.price_unit = 80
        bill.action_post()
        self.assertFreight(transfer, 80, "bill")
        bill.button_draft()
        bill.button_cancel()
        self.assertFreight(transfer, 100, "rule")

    def test_a_credit_note_lowers_the_freight(self):
        self._charge("fixed", 100)
        transfer = self._request()
        bill = self._bill(200)
        self._assign(bill, transfer)
        note = bill._reverse_moves([{"invoice_date": fields.Date.today()}])
        note.invoice_line_ids.price_unit = 50
        self.assertFreight(transfer, 200, "bill")
        note.action_post()
        self.assertFreight(transfer, 150, "bill")
        note.button_draft()
        self.assertFreight(transfer, 200, "bill")
        note.invoice_line_ids.price_unit = 200
        note.action_post()
        self.assertFreight(transfer, 100, "rule")

    def test_a_bill_survives_a_shipment_and_follows_it(self):
        transfer = self._request()
        self._assign(self._bill(60), transfer)
        self._ship(transfer, {self.nut: 0})
        self.assertFreight(transfer, 60, "bill")
        self.assertEqual(self._shares(transfer), {self.bolt: 60, self.nut: 0})

    def test_the_others_on_the_truck_keep_their_part(self):
        self._charge("fixed", 90)
        first = self._request()
        second = self._request(quantities={self.bolt: 10})
        self._assign(self._bill(200), first)
        self.assertFreight(first, 200, "bill")
        self.assertFreight(second, 30, "rule")

    def test_closed_transfers_are_refused(self):
        transfer, bill = self._request(), self._bill(10)
        self._ship(transfer)
        self._receive(transfer)
        line = bill.invoice_line_ids
        line.assign_freight(transfer.ids)
        transfer.action_close()
        with self.assertRefused("is closed"):
            line.assign_freight([])
        with self.assertRefused("is closed"):
            self._bill(5).invoice_line_ids.assign_freight(transfer.ids)
        draft = self._transfer()
        with self.assertRefused("is draft"):
            self._bill(5).invoice_line_ids.assign_freight(draft.ids)
        bill.button_draft()
        self.assertFreight(transfer, 0, "none")

    def test_only_lines_of_posted_bills(self):
        transfer = self._request()
        draft = self._bill(10, post=False)
        with self.assertRefused("Post the bill first"):
            draft.invoice_line_ids.assign_freight(transfer.ids)
        posted = self._bill(10)
        payable = posted.line_ids - posted.invoice_line_ids
        with self.assertRefused("not a line of a posted vendor bill"):
            payable.assign_freight(transfer.ids)

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Sister"})
        transfer = self._request()
        line = self._bill(10).invoice_line_ids
        self.env.cr.execute(
            "UPDATE account_move_line SET company_id = %s WHERE id = %s",
            (other.id, line.id),
        )
        line.invalidate_recordset(["company_id"], flush=False)
        with self.assertRefused("another company"):
            line.sudo().assign_freight(transfer.ids)
