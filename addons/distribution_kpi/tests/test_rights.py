from odoo import fields
from odoo.exceptions import AccessError
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
