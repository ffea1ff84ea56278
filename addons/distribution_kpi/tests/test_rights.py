from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KpiCase
from .fake import FakeKpisMixin, fake_kpi

MODELS = (
    "distribution.kpi",
    "distribution.kpi.version",
    "distribution.kpi.target",
    "distribution.kpi.run",
    "distribution.kpi.snapshot",
    "distribution.kpi.item",
)


@tagged("post_install", "-at_install")
class TestKpiRights(FakeKpisMixin, KpiCase):
    """Who runs a branch sees its figures and what is behind them, and no other's."""

    def setUp(self):
        super().setUp()
        self.auditor = self._new_user("auditor", "aud")
        self.buyer = self._new_user("central_buyer", "cbu")
        # Who may export is asked for elsewhere; here it is what.
        self.bea.group_ids |= self.env.ref("base.group_allow_export")
        self._define(fake_kpi("rate"))
        self._add_facts("rate", 0, self.north, 1, 2)
        self._add_facts("rate", 0, self.west, 3, 4)
        self._add_facts("rate", 0, None, 5, 6)
        self._take(0, "rate")

    def _branches(self, user):
        domain = [("kpi_id.code", "=", "rate")]
        found = self.Snapshot.with_user(user).search(domain).branch_id
        items = self._items("rate", 0, user=user).search([]).branch_id
        self.assertEqual(found, items, "figures and what is behind them go together")
        return found

    def test_who_sees_what(self):
        both = self.north | self.west
        for user in (self.fiona, self.auditor, self.boss, self.paul, self.buyer):
            self.assertEqual(self._branches(user), both, user.login)
        for user in (self.bea, self.rita):
            self.assertEqual(self._branches(user), self.north, user.login)
            self.assertEqual(self._figure("rate", 0, user=user)["value"], 50)
        self.assertEqual(self._figure("rate", 0, user=self.boss)["value"], 75)
        for name in MODELS:
            with self.assertRaises(AccessError):
                self.env[name].with_user(self.olga).search([])

    def test_no_way_to_another_branch(self):
        rows = {row.branch_id: row for row in self._rows("rate", 0)}
        items = self._items("rate", 0)
        foreign_items = items.search([("branch_id", "!=", self.north.id)])
        hidden = [rows[self.west], rows[self.env["distribution.branch"]]]
        for record in (*hidden, *foreign_items):
            mine = record.with_user(self.bea)
            with self.assertRaises(AccessError):
                mine.read(["value", "numerator"])
            with self.assertRaises(AccessError):
                mine.export_data(["value"])
            with self.assertRaises(AccessError):
                mine.action_open_items() if "run_id" in record else mine.read()
        domain = ["|", (1, "=", 1), ("branch_id", "=", self.west.id)]
        for model in (self.Snapshot, items):
            mine = model.with_user(self.bea)
            wanted = [*domain, ("kpi_id.code", "=", "rate")]
            groups = mine.formatted_read_group(wanted, ["branch_id"], ["value:avg"])
            self.assertEqual([group["value:avg"] for group in groups], [50])
            [total] = mine.formatted_read_group(wanted, [], ["numerator:sum"])
            self.assertEqual(total["numerator:sum"], 1)
            found = mine.search_read(wanted, ["numerator"])
            self.assertEqual([row["numerator"] for row in found], [1])
        self.assertFalse(items.with_user(self.bea).name_search("West"))
        self.assertFalse(items.with_user(self.bea).name_search("Nowhere"))

    def test_company_of_others(self):
        other = self.env["res.company"].create({"name": "Another"})
        self.boss.company_ids |= other
        self.assertEqual(len(self._branches(self.boss)), 2)
        snapshots = self.Snapshot.with_user(self.boss)
        mine = snapshots.with_context(allowed_company_ids=other.ids)
        self.assertFalse(mine.search([("kpi_id.code", "=", "rate")]))
        items = self._items("rate", 0, user=self.boss)
        items = items.with_context(allowed_company_ids=other.ids)
        self.assertFalse(items.search([]))
        figures = (
            self.Kpi.with_user(self.boss)
            .with_context(allowed_company_ids=other.ids)
            ._figures(["rate"], self._day(0), self._day(0))
        )
        self.assertIsNone(figures["rate"]["value"])

    def test_records_that_the_reader_may_not_read_count_without_a_name(self):
        seen, hidden = self.env["res.partner"].create(
            [{"name": "Seen"}, {"name": "Hidden"}]
        )
        self._define(fake_kpi("about", model="res.partner"))
        for partner in (seen, hidden):
            self._add_facts(
                "about", 0, self.north, 5, res_id=partner.id, label=partner.name
            )
        self.env["ir.rule"].create(
            {
                "name": "Not this one",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {hidden.id})]",
            }
        )
        items = self._items("about", 0, user=self.bea)
        self.assertEqual(items._read_group([], [], ["numerator:sum"]), [(10,)])
        rows = {(row.label, row.res_id) for row in items.search([])}
        self.assertEqual(rows, {("Seen", seen.id), (False, 0)})
        self.assertFalse(items.search([("label", "ilike", "hid")]))
        self.assertFalse(items.search([("res_id", "=", hidden.id)]))
        self.assertFalse(items.name_search("Hidden"))
        nameless = items.search([("label", "=", False)])
        self.assertEqual(nameless.export_data(["label", "res_id"])["datas"], [["", 0]])
        with self.assertRaisesRegex(AccessError, "may not read the record"):
            nameless.action_open_record()
        self.assertEqual(
            (items.search([]) - nameless).action_open_record()["res_id"], seen.id
        )

    def test_a_page_works_out_the_facts_once(self):
        def page(names):
            items = self._items("rate", 0, user=self.bea)
            before = self.env.cr.sql_log_count
            found = items.web_search_read([], dict.fromkeys(names, {}), limit=80)
            self.assertEqual(found["length"], 1)
            return self.env.cr.sql_log_count - before

        every = ("label", "day", "branch_id", "company_id", "kpi_id", "value", "unit")
        page(every)  # what caches keep
        self.assertEqual(page(["label"]), page(every), "none of them is read later")
        self.assertEqual(page(["label", "unit"]), page(["label"]))

    def test_records_of_a_kind_that_the_reader_may_not_read(self):
        self._define(fake_kpi("about", model="ir.mail_server"))
        self._add_facts("about", 0, self.north, 5, res_id=1, label="Post office")
        [row] = self._items("about", 0, user=self.bea).search([])
        self.assertEqual((row.numerator, row.label, row.res_id), (5, False, 0))
        self.assertEqual(self._items("about", 0).search([]).label, "Post office")

    def test_when_something_was_cancelled_is_nobodys_choice(self):
        self._supply(self.north, 5)
        order = self._order_of(self.north, {self.bolt: 2}, fields.Datetime.now())
        move = order.picking_ids.move_ids
        order._action_cancel()
        self.assertTrue(order.cancelled_at and move.cancelled_at)
        for user in (self.bea, self.boss):
            for record in (order, move):
                with self.assertRaisesRegex(UserError, "kept as it happened"):
                    record.with_user(user).write({"cancelled_at": "2020-01-01"})
        chosen = {"default_cancelled_at": "2020-01-01 00:00:00"}
        partner = {"partner_id": self.customer.id}
        Order = self.env["sale.order"].with_user(self.boss).with_context(**chosen)
        self.assertFalse(Order.create(partner).cancelled_at)
        with self.assertRaisesRegex(UserError, "kept as it happened"):
            Order.create({**partner, "cancelled_at": "2020-01-01 00:00:00"})
        values = {
            "product_id": self.bolt.id,
            "location_id": move.location_id.id,
            "location_dest_id": move.location_dest_id.id,
        }
        Move = self.env["stock.move"].with_user(self.boss).with_context(**chosen)
        self.assertFalse(Move.create(values).cancelled_at)

    def test_people_of_another_branch_cancel_nothing(self):
        """The date is written as superuser, after what their rights let them cancel."""
        self._supply(self.north, 5)
        order = self._order_of(self.north, {self.bolt: 2}, fields.Datetime.now())
        move = order.picking_ids.move_ids
        for record in (order, order.picking_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.wim).action_cancel()
        with self.assertRaises(AccessError):
            move.with_user(self.wim)._action_cancel()
        self.assertNotEqual(move.state, "cancel")
        self.assertFalse(move.cancelled_at or order.cancelled_at)
        order.picking_ids.with_user(self.olga).action_cancel()
        self.assertTrue(move.cancelled_at)

    def test_bad_context_of_items(self):
        """What a client puts into the context is no way around anything."""
        Item = self.env["distribution.kpi.item"].with_user(self.bea)
        for context in (
            {"kpi_code": "no_such", "kpi_from": "2026-09-07", "kpi_to": "2026-09-07"},
            {"kpi_code": "rate"},
            {"kpi_code": "rate", "kpi_from": "2026-09-08", "kpi_to": "2026-09-07"},
            {
                "kpi_code": "rate",
                "kpi_from": fields.Date.to_string(self._day(0)),
                "kpi_to": fields.Date.to_string(self._day(0)),
                "kpi_version": 999999999,
            },
        ):
            self.assertFalse(Item.with_context(**context).search([]), context)

    def test_context_of_items_of_a_wrong_type(self):
        Item = self.env["distribution.kpi.item"].with_user(self.bea)
        day = fields.Date.to_string(self._day(0))
        good = {"kpi_code": "rate", "kpi_from": day, "kpi_to": day}
        self.assertEqual(len(Item.with_context(**good).search([])), 1)
        for key, wrong in (
            ("kpi_code", ["rate", "dso"]),
            ("kpi_code", {"rate": 1}),
            ("kpi_code", 5),
            ("kpi_from", "nonsense"),
            ("kpi_from", 5),
            ("kpi_from", True),
            ("kpi_to", {"a": 1}),
            ("kpi_to", [day]),
            ("kpi_version", "1 OR 1=1"),
            ("kpi_version", [1, 2]),
            ("kpi_version", {"x": 1}),
        ):
            context = {**good, key: wrong}
            self.assertFalse(Item.with_context(**context).search([]), context)
        context = {**good, "kpi_from": "0001-01-01", "kpi_to": "9999-12-31"}
        self.assertEqual(len(Item.with_context(**context).search([])), 1)
