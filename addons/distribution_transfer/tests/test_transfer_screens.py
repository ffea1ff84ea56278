from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.tests import Form, tagged

from .common import TransferCase

MODELS = (
    "distribution.transfer",
    "distribution.transfer.line",
    "distribution.transfer.discrepancy",
)
KINDS = {
    "distribution.transfer": (
        *("form", "list", "kanban", "calendar", "pivot", "graph", "activity", "search"),
    ),
    "distribution.transfer.line": ("form", "list", "pivot", "graph", "search"),
    "distribution.transfer.discrepancy": (
        *("form", "list", "kanban", "pivot", "graph", "activity", "search"),
    ),
}


@tagged("post_install", "-at_install")
class TestTransferScreens(TransferCase):
    """The forms as people fill them in, and the buttons they see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What is there was counted before anything was shipped.
        counts = cls.env["stock.move"].search([("is_inventory", "=", True)])
        counts.date = fields.Datetime.now() - timedelta(days=1)

    def _short(self):
        """A transfer of which two bolts are missing, and its discrepancy."""
        transfer = self._request()
        self._ship(transfer)
        self._receive(transfer, {self.bolt: 8})
        return transfer, self._discrepancy(transfer)

    def _buttons(self, transfer, user):
        """Which of the steps the user is offered."""
        transfer = transfer.with_user(user)
        transfer.invalidate_recordset()
        steps = "request withdraw ship depart receive return cancel cancel_rest close"
        return {step for step in steps.split() if transfer[f"can_{step}"]}

    def test_a_transfer_is_filled_in(self):
        with Form(self.env["distribution.transfer"].with_user(self.olga)) as form:
            form.lane_id = self.lane_north
            self.assertTrue(form.departure_date)
            with form.line_ids.new() as line:
                line.product_id = self.bolt
                line.requested_qty = 7
            self.assertEqual(form.value, 28)
        transfer = form.record
        self.assertEqual(transfer.line_ids.product_uom_id, self.bolt.uom_id)
        self.assertEqual(transfer.user_id, self.olga)
        self.assertEqual(transfer.line_count, 1)

    def test_an_emergency_needs_an_explanation(self):
        form = Form(self.env["distribution.transfer"].with_user(self.olga))
        form.lane_id = self.lane_north
        form.reason = "emergency"
        with self.assertRaisesRegex(AssertionError, "reason_note is a required"):
            form.save()

    def test_each_side_is_offered_its_own_steps(self):
        transfer = self._transfer()
        self.assertEqual(self._buttons(transfer, self.olga), {"request", "cancel"})
        self.assertEqual(self._buttons(transfer, self.cora), {"cancel"})
        transfer.action_request()
        self.assertEqual(self._buttons(transfer, self.olga), {"cancel"})
        self.assertEqual(self._buttons(transfer, self.cora), {"ship", "cancel"})
        self._ship(transfer, {self.bolt: 4})
        self.assertEqual(
            self._buttons(transfer, self.olga), {"receive", "return", "cancel_rest"}
        )
        self.assertEqual(
            self._buttons(transfer, self.cora),
            {"ship", "depart", "return", "cancel_rest"},
        )
        self._ship(transfer)
        self._receive(transfer)
        while self._picking(transfer, "receive"):
            self._receive(transfer)
        self.assertEqual(self._buttons(transfer, self.olga), {"close"})

    def test_who_writes_nothing_is_offered_nothing(self):
        transfer = self._request()
        auditor = self._new_user("auditor", "ada")
        self.assertFalse(self._buttons(transfer, auditor))

    def test_the_button_to_ship_opens_the_operation(self):
        transfer = self._request()
        picking = self._picking(transfer, "ship")
        action = transfer.with_user(self.cora).action_ship()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (picking._name, picking.id)
        )
        with self.assertRefused("people of"):
            transfer.with_user(self.olga).action_ship()
        self._ship(transfer)
        with self.assertRefused("no such operation"):
            transfer.with_user(self.cora).action_ship()

    def test_only_quantities_that_say_something_are_shown(self):
        transfer, _short = self._short()
        shown = set(transfer.shown_quantities.split(","))
        self.assertTrue({"shipped_qty", "short_qty", "in_transit_qty"} <= shown)
        self.assertFalse({"over_qty", "damaged_qty", "to_ship_qty"} & shown)

    def test_an_emergency_is_reviewed_by_another(self):
        transfer = self._request(reason="emergency", reason_note="A line stands still")
        self.assertTrue(transfer.with_user(self.cleo).can_review)
        self.assertFalse(transfer.with_user(self.cora).can_review, "she is no manager")
        self.assertFalse(transfer.with_user(self.bea).can_review, "she has received it")
        action = transfer.with_user(self.cleo).action_object()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.cleo)
            .with_context(**action["context"])
        )
        wizard.note = "The regular truck had room"
        wizard.save().action_object()
        self.assertEqual(transfer.emergency_review, "objected")
        self.assertEqual(transfer.review_note, "The regular truck had room")

    def test_sales_orders_of_a_transfer(self):
        order = self._sell(
            self.olga, self.north, 30, product=self.bolt, route=self.lane_north.route_id
        )
        transfers = order._transfers()[order.id]
        self.assertTrue(transfers)
        self.assertEqual(order.transfer_count, len(transfers))
        self.assertEqual(transfers[0].with_user(self.olga)._sale_orders(), order)
        self.assertFalse(
            transfers[0].with_user(self.cora)._sale_orders(),
            "the order is of the north",
        )
        action = transfers[0].with_user(self.olga).action_view_sale_orders()
        self.assertEqual(action["res_id"], order.id)
        self.assertEqual(order.action_view_transfers()["res_id"], transfers[0].id)

    def test_the_transfer_of_an_operation(self):
        transfer = self._request()
        picking = self._picking(transfer, "ship").with_user(self.cora)
        action = picking.action_view_transfer()
        self.assertEqual(action["res_id"], transfer.id)

    def test_each_role_opens_each_view(self):
        self._short()
        self._request(reason="emergency", reason_note="A line stands still")
        users = (
            *(self.olga, self.bea, self.cora, self.cleo, self.paul, self.boss),
            self._new_user("finance_controller", "carl"),
            self._new_user("auditor", "ada"),
            self._new_user("central_buyer", "ben"),
        )
        for user in users:
            for model in MODELS:
                with self.subTest(user=user.login, model=model):
                    self._open_views(self.env[model].with_user(user))

    def _open_views(self, records):
        self.env.invalidate_all()
        views = records.get_views([(False, kind) for kind in KINDS[records._name]])
        found = records.search([], limit=5)
        for kind in ("form", "list"):
            arch = etree.fromstring(views["views"][kind]["arch"])
            names = {
                node.get("name")
                for node in arch.iter("field")
                if not any(True for _parent in node.iterancestors("field"))
            }
            found.web_read({name: {} for name in names})

    # Settling.

    def _settling(self, discrepancy, user):
        action = discrepancy.with_user(user).action_open_settling()
        return Form(
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
        )

    def test_a_shortage_is_claimed(self):
        transfer, short = self._short()
        form = self._settling(short, self.bea)
        self.assertEqual(form.quantity, 2)
        self.assertEqual(form.ways, "later,counted,return,claim,write_off")
        form.resolution = "claim"
        self.assertEqual(form.fault, "carrier")
        form.note = "The driver has signed"
        form.save().action_settle()
        self.assertEqual((short.state, short.resolution), ("resolved", "claim"))
        self.assertIn("The driver has signed", short.note)
        self.assertEqual(transfer.state, "reconciled")

    def test_a_part_is_to_arrive_later(self):
        transfer, short = self._short()
        form = self._settling(short, self.bea)
        form.resolution = "later"
        form.quantity = 1
        form.expected_date = fields.Date.today() + timedelta(days=3)
        form.save().action_settle()
        self.assertEqual((short.state, short.quantity), ("waiting", 1))
        self.assertEqual(short.expected_date, fields.Date.today() + timedelta(days=3))
        self.assertEqual(sum(transfer.sudo().discrepancy_ids.mapped("quantity")), 2)

    def test_the_sender_is_offered_its_own_way(self):
        _transfer, short = self._short()
        self.assertIn("found", self._settling(short, self.cleo).ways)

    def test_a_count_is_proposed(self):
        _transfer, short = self._short()
        self.assertFalse(short.proposal)
        for quantity in (100, 92, 94):
            self._count(self.bolt, self.central, quantity)
        short.invalidate_recordset()
        self.assertIn(
            "at Central found 2 Units more", short.with_user(self.bea).proposal
        )
        self.assertFalse(short.with_user(self.bea).can_match, "the sender settles it")
        self.assertTrue(short.with_user(self.cleo).can_match)
        short.with_user(self.cleo).action_match_count()
        self.assertEqual((short.state, short.resolution), ("resolved", "found"))
        self.assertEqual(short.count_move_id.product_qty, 2)

    def test_proposals_take_one_search(self):
        shorts = self.env["distribution.transfer.discrepancy"]
        for _number in range(3):
            shorts += self._short()[1]
        self._count(self.bolt, self.central, 100)
        self.env.flush_all()
        self.env.invalidate_all()
        shorts[:1].mapped("proposal")
        self.env.invalidate_all()
        with self._count_queries() as one:
            shorts[:1].mapped("proposal")
        self.env.invalidate_all()
        with self._count_queries() as three:
            shorts.mapped("proposal")
        self.assertLessEqual(three(), one() + 2)

    def _count_queries(self):
        cursor = self.env.cr

        class Counter:
            def __enter__(self):
                self.start = cursor.sql_log_count
                return lambda: self.count

            def __exit__(self, *args):
                self.count = cursor.sql_log_count - self.start

        return Counter()

    def test_no_count_no_match(self):
        _transfer, short = self._short()
        with self.assertRefused("No count"):
            short.with_user(self.cleo).action_match_count()

    def test_overdue_discrepancies(self):
        _transfer, short = self._short()
        model = self.env["distribution.transfer.discrepancy"]
        self.assertFalse(short.is_overdue)
        self.assertNotIn(short, model.search([("is_overdue", "=", True)]))
        short.with_user(self.bea).date_due = fields.Date.today() - timedelta(days=1)
        self.assertTrue(short.is_overdue)
        self.assertIn(short, model.search([("is_overdue", "=", True)]))
        self.assertNotIn(short, model.search([("is_overdue", "=", False)]))

    # Settings.

    def test_the_settings_of_transfers(self):
        account = self.loss_account.copy({"code": "TLOSS2"})
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.transfer_claim_account_id, self.claim_account)
        self.assertEqual(settings.transfer_close_days, 2)
        settings.transfer_loss_account_id = account
        settings.transfer_close_days = 5
        settings.execute()
        location = self.company._transfer_loss_location()
        self.assertEqual(location.valuation_account_id, account)
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.transfer_loss_account_id, account)
        self.assertEqual(settings.transfer_close_days, 5)
