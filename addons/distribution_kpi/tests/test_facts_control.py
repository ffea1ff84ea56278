from collections import defaultdict
from datetime import timedelta

from odoo import fields

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded

from .common import KpiCase


class TestFactsOfControl(KpiCase):
    """Approvals, exceptions, and the steps of an order in a warehouse that packs."""

    def _sums_of(self, code, number):
        self.assertFalse(self._take(number, code), self._kpi(code).failure)
        items = self._items(code, number).search([])
        found = defaultdict(lambda: [0.0, 0.0])
        for item in items:
            found[item.branch_id][0] += item.numerator
            found[item.branch_id][1] += item.denominator
        rows = {
            row.branch_id: [row.numerator, row.denominator]
            for row in self._rows(code, number)
        }
        self.assertEqual(set(rows), set(found), "snapshots and items are of one query")
        for branch, amounts in rows.items():
            for one, other in zip(amounts, found[branch], strict=True):
                self.assertAlmostEqual(one, other, 4)
        return rows

    def test_approval_time(self):
        self._govern(limit=1)
        hours = defaultdict(list)
        requested = []
        for number, hour in ((0, 8), (0, 11), (1, 9)):
            with self._at(number, hour):
                requested.append(self._request(quantities={self.nut: 20}))
        for transfer, (number, hour), decision in zip(
            requested,
            ((1, 10), (2, 23), (1, 15)),
            ("approve", "reject", "approve"),
            strict=True,
        ):
            with self._at(number, hour):
                reason = {"reason": "Too many"} if decision == "reject" else {}
                request = self._decide(transfer, self.cleo, decision, **reason)
                taken = request.closed_date - request.requested_date
                day = self._local_day(fields.Datetime.now())
                hours[day].append(taken.total_seconds() / 3600)
        for number in range(5):
            rows = self._sums_of("approval_time", number)
            expected = hours.get(self._day(number), [])
            self.assertAlmostEqual(sum(top for top, _ in rows.values()), sum(expected))
            self.assertEqual(sum(bottom for _, bottom in rows.values()), len(expected))
        self.assertEqual(
            len(hours[self._day(3)]), 1, "decided after midnight over there"
        )

    def _exception(self, branch, history):
        """An exception with what happened to it: [(day, hour, kind)]."""
        rule = self.env["distribution.exception.rule"].search([], limit=1)
        moments = [
            (
                fields.Datetime.to_datetime(self._day(number)) + timedelta(hours=hour),
                kind,
            )
            for number, hour, kind in history
        ]
        closed = moments[-1][1] == "closed"
        exception = guarded(self.env["distribution.exception"]).create(
            {
                "rule_id": rule.id,
                "res_model": rule.model_id.model,
                "res_id": 1000000 + self.env["distribution.exception"].search_count([]),
                "name": "Late",
                "company_id": self.company.id,
                "branch_id": branch.id,
                "state": "closed" if closed else "open",
                "opened_at": moments[0][0],
                "closed_at": moments[-1][0] if closed else False,
            }
        )
        guarded(self.env["distribution.exception.event"]).create(
            [
                {"exception_id": exception.id, "at": moment, "kind": kind}
                for moment, kind in moments
            ]
        )
        return exception

    def test_exceptions(self):
        self._exception(
            self.north, [(0, 8, "opened"), (1, 9, "taken"), (2, 8, "closed")]
        )
        self._exception(
            self.north,
            [
                (0, 6, "opened"),
                (0, 12, "closed"),
                (2, 7, "reopened"),
                (4, 23, "closed"),
            ],
        )
        self._exception(self.west, [(1, 23, "opened")])
        closing = {0: {self.north: [6, 1]}, 2: {self.north: [48, 1]}}
        closing[5] = {self.north: [64, 1]}
        opened = {0: (1, 0), 1: (1, 0), 2: (1, 1), 3: (1, 1), 4: (1, 1), 5: (0, 1)}
        for number in range(6):
            self.assertEqual(
                self._sums_of("exception_closing_time", number), closing.get(number, {})
            )
            rows = self._sums_of("exceptions_open", number)
            counts = tuple(
                rows.get(branch, [0])[0] for branch in (self.north, self.west)
            )
            self.assertEqual(counts, opened[number], f"day {number}")

    def test_steps_of_an_order(self):
        """Pick, pack and ship of one order, each some hours after the other."""
        self.north.warehouse_id.delivery_steps = "pick_pack_ship"
        self._go(self.bolt, self.suppliers, self._shelf(self.north), 20)
        with self._at(0, 6):
            order = self._order_of(
                self.north, {self.bolt: 5}, fields.Datetime.now() + timedelta(days=2)
            )
        steps = (
            ("confirm_to_pick", 0, 9),
            ("pick_to_pack", 0, 14),
            ("pack_to_ship", 1, 8),
        )
        for _code, number, hour in steps:
            with self._at(number, hour):
                self._deliver(order)
        expected = {"confirm_to_pick": (0, 3), "pick_to_pack": (0, 5)}
        expected |= {"pack_to_ship": (1, 18), "confirm_to_ship": (1, 26)}
        for code, (day, hours) in expected.items():
            for number in range(2):
                rows = self._sums_of(code, number)
                wanted = {self.north: [hours, 1]} if number == day else {}
                self.assertEqual(rows, wanted, code)
