from collections import defaultdict
from datetime import date, datetime, timedelta

import pytz

from odoo.tests import freeze_time

from odoo.addons.distribution_accounting.tests.common import AccountingCase
from odoo.addons.distribution_transfer.tests.common import TransferCase

from ..models.kpi import Period

# Midnight of these days is at 22:00 UTC.
ZONE = "Europe/Oslo"


class FactsCase(TransferCase):
    """What happened on days in the past, and the facts of KPIs about it.

    `bolt` has an average cost of 4.00, `tape` a standard price of 4.00; see
    `AccountingCase` for both and for the documents. `fixed` is the first day.

    Verbs: `_at` (within: the clock stands at that hour of that day), `_go` (goods from here
    to there at once, in any unit). Figures: `_facts` of a KPI, `_sums` of them by branch.
    `_history` is what moved, for those who work a figure out once more. `_remember` keeps
    the figures of a day for `assertKept`.
    """

    fixed = date(2026, 9, 7)

    @classmethod
    def setUpClass(cls):
        # Costs are kept with the date on which they were set: before anything happens.
        with freeze_time(cls.fixed - timedelta(days=30)):
            super().setUpClass()
            cls._set_up_books()
            cls._set_up_goods()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")
        cls.customers = cls.env.ref("stock.stock_location_customers")

    @classmethod
    def _set_up_goods(cls):
        """Products that a test needs besides."""

    _set_up_books = classmethod(AccountingCase._set_up_books.__func__)
    _account = classmethod(AccountingCase._account.__func__)
    _supply = AccountingCase._supply
    _bill = AccountingCase._bill
    _order = AccountingCase._order
    _invoice = AccountingCase._invoice
    _validate_all = AccountingCase._validate_all
    _charge = AccountingCase._charge
    _refund = AccountingCase._refund
    _entry = AccountingCase._entry

    def _day(self, number):
        return self.fixed + timedelta(days=number)

    def _at(self, number, hour=10, minute=0):
        """Within, it is that hour (UTC) of that day."""
        day = datetime.combine(self._day(number), datetime.min.time())
        return freeze_time(day + timedelta(hours=hour, minutes=minute))

    def _shelf(self, branch):
        return branch.warehouse_id.lot_stock_id

    def _go(self, product, source, target, quantity, uom=None, **values):
        """Move goods at once."""
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "product_uom": (uom or product.uom_id).id,
                "location_id": source.id,
                "location_dest_id": target.id,
                **values,
            }
        )
        move._action_confirm(merge=False)
        move._action_assign()
        move.quantity = quantity
        move.picked = True
        move._action_done()
        return move

    # Figures.

    def _period(self, number, start=None, **parameters):
        start = number if start is None else start
        return Period(
            self._day(start), self._day(number), ZONE, (self.company.id,), parameters
        )

    def _facts(self, code, number, start=None, **parameters):
        """The facts of a KPI of that day, or of the days from `start` on."""
        facts = self.env["distribution.kpi.facts"]
        kpi = facts._kpi_by_code()[code]
        period = self._period(number, start, **{**kpi.parameters, **parameters})
        self.env.flush_all()
        rows = self.env.execute_query_dict(getattr(facts, kpi.facts)(period))
        self.assertTrue(
            all(period.start <= row["day"] <= period.end for row in rows),
            "facts are of the days that are asked for",
        )
        return rows

    def _sums(self, code, number, start=None, **parameters):
        """{(day, branch): (numerator, denominator)}; what comes to nothing is left out."""
        sums = defaultdict(lambda: [0.0, 0.0])
        for row in self._facts(code, number, start, **parameters):
            total = sums[row["day"], row["branch_id"]]
            total[0] += float(row["numerator"])
            total[1] += float(row["denominator"] or 0)
        return {key: tuple(total) for key, total in sums.items() if any(total)}

    def assertSums(self, found, expected, places=4, off=0.0):
        """Both say the same of the same days and branches; nothing is left out of either.

        :param off: by what part they may differ, where values were rounded to the cent
        """
        expected = {
            key: total
            for key, total in expected.items()
            if any(round(x, places) for x in total)
        }
        self.assertTrue(expected, "nothing to compare: the test shows nothing")
        self.assertEqual(set(found), set(expected))
        for key, total in expected.items():
            for one, other in zip(found[key], total, strict=True):
                slack = max(10**-places, off * abs(other))
                self.assertAlmostEqual(one, other, delta=slack, msg=str(key))

    # A past day comes out the same, whatever happened since.

    def _remember(self, number):
        """Keep all figures of a day as they are when it has just ended."""
        with self._at(number + 1, hour=1):
            self.kept[number] = self._all_sums(number)

    def _all_sums(self, number):
        facts = self.env["distribution.kpi.facts"]
        return {
            kpi.code: self._sums(kpi.code, number)
            for kpi in facts._kpis()
            if not kpi.needs
        }

    def assertKept(self, but=()):
        """Days that are measured again have the figures that they had, to the cent.

        :param but: codes of KPIs that are about records of now
        """
        for number, kept in self.kept.items():
            for code, sums in self._all_sums(number).items():
                if code not in but:
                    with self.subTest(code, number=number):
                        self.assertKeptSums(sums, kept[code])

    def assertKeptSums(self, again, kept):
        for key in {*again, *kept}:
            for one, other in zip(
                again.get(key, (0, 0)), kept.get(key, (0, 0)), strict=True
            ):
                self.assertAlmostEqual(one, other, 2, key)

    # What happened, read from records.

    def _end(self, number):
        """The first moment (UTC) after that day."""
        midnight = datetime.combine(self._day(number + 1), datetime.min.time())
        local = pytz.timezone(ZONE).localize(midnight)
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _local_day(self, moment):
        return pytz.utc.localize(moment).astimezone(pytz.timezone(ZONE)).date()

    def _history(self, products, number=None):
        """Done move lines until the end of that day, in the order in which they happened."""
        lines = self.env["stock.move.line"].search(
            [("product_id", "in", products.ids), ("state", "=", "done")]
        )
        end = self._end(number) if number is not None else datetime.max
        lines = lines.filtered(lambda line: line.move_id.date < end)
        return lines.sorted(lambda line: (line.move_id.date, line.move_id.id))

    def _amount(self, line):
        return line.product_uom_id._compute_quantity(
            line.quantity, line.product_id.uom_id, round=False
        )

    def _owner_of(self, location):
        """The branch whose stock that is; None where it is nobody's stock of the company."""
        if location.usage not in ("internal", "transit") or not location.company_id:
            return None
        return location.branch_id or location.lane_id.source_branch_id

    def _stock(self, products, number, wanted=lambda location: True):
        """{(branch, product): quantity} at the end of that day, by adding up all moves."""
        stock = defaultdict(float)
        for line in self._history(products, number):
            for location, sign in ((line.location_id, -1), (line.location_dest_id, 1)):
                branch = self._owner_of(location)
                if branch is not None and wanted(location):
                    stock[branch, line.product_id] += sign * self._amount(line)
        return {key: x for key, x in stock.items() if round(x, 5)}
