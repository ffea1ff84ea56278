import re
from pathlib import Path

from odoo.tests import tagged

from .common import LedgerCase

PAGE = Path(__file__).parents[3] / "docs" / "accounting.md"
EVENT = re.compile(r"^### (?P<name>.+)$", re.M)
ROW = re.compile(r"^\| (?P<cells>.+) \|$", re.M)


@tagged("post_install", "-at_install")
class TestDocumentedEntries(LedgerCase):
    """The figures of docs/accounting.md are those that the suite posts.

    Each heading of the chapter *What is posted* has a method here, and its table has the
    items of the entries, summed up by account and branch.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_accounts = {}
        for name, kind in (
            ("Receivable", "asset_receivable"),
            ("Payable", "liability_payable"),
        ):
            account = cls._account(name, kind)
            account.reconcile = True
            cls.partner_accounts[kind] = account
        (cls.customer | cls.vendor).write(
            {
                "property_account_receivable_id": cls.partner_accounts[
                    "asset_receivable"
                ].id,
                "property_account_payable_id": cls.partner_accounts[
                    "liability_payable"
                ].id,
            }
        )
        stock, cost, sales, bought = (
            cls._account(name, kind)
            for name, kind in (
                ("Stock", "asset_current"),
                ("Cost of sales", "expense_direct_cost"),
                ("Sales", "income"),
                ("Purchases", "expense_direct_cost"),
            )
        )
        variation = cls._account("Variation of stock", "expense_direct_cost")
        stock.account_stock_variation_id = variation
        for category, expense in ((cls.perpetual, cost), (cls.periodic, bought)):
            category.write(
                {
                    "property_stock_valuation_account_id": stock.id,
                    "property_account_expense_categ_id": expense.id,
                    "property_account_income_categ_id": sales.id,
                }
            )
        cls.waste = cls._account("Waste", "expense")
        for field, name in (
            ("interbranch_clearing_account_id", "Inter-Branch Clearing"),
            ("interbranch_goods_account_id", "Inter-Branch Goods"),
        ):
            assert cls.company._interbranch_account(field).name == name
        cls.bolt.weight = 2.0
        cls._supply_stock(cls.bolt, 100)
        cls._stock_at(cls.north, cls.bolt)

    @classmethod
    def _supply_stock(cls, product, quantity):
        cls._count(product, cls.central, quantity)

    def test_page(self):
        if not PAGE.exists():
            self.skipTest("The documentation is not installed with the addon.")
        chapter = PAGE.read_text().split("## What is posted", 1)[1].split("\n## ", 1)[0]
        parts = EVENT.split(chapter)[1:]
        documented = dict(zip(parts[::2], parts[1::2], strict=True))
        events = self._events()
        self.assertEqual(set(documented), set(events))
        wrong = []
        for name, happens in events.items():
            with self.env.cr.savepoint() as savepoint:
                posted = self._posted_by(happens)
                if posted != self._rows(documented[name]):
                    wrong.append(f"### {name}\n\n{self._table(posted)}")
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertFalse(wrong, "This is what is posted:\n\n" + "\n\n".join(wrong))

    def _events(self):
        return {
            "Goods are bought that are valued at each invoice": self._bought,
            "Goods are bought that are valued at the closing": self._bought_periodic,
            "A branch sells": self._sold,
            "A customer gets a credit note": self._credited,
            "A transfer arrives, at cost": self._arrived,
            "A transfer arrives, at cost plus 10 percent": self._arrived_dearer,
            "The mark-up waits until the goods are sold": self._deferred,
            "Some of the goods are sold": self._released,
            "A transfer leaves, with freight by the rule of its lane": self._left,
            "The carrier's bill comes": self._billed,
            "Goods are lost, and the sending branch is at fault": self._lost,
            "The carrier has to pay": self._claimed,
            "A branch scraps": self._scrapped_goods,
            "A cost is shared by two branches": self._shared,
            "The valuation of the stock is closed": self._closed,
        }

    def _posted_by(self, happens):
        """{(account, branch): balance} of what an event posts."""
        prepare = happens()
        before = max(self.env["account.move.line"].search([]).ids, default=0)
        prepare()
        self.env.flush_all()
        items = self.env["account.move.line"].search(
            [("id", ">", before), ("parent_state", "=", "posted")]
        )
        posted = {}
        for item in items:
            for branch, share in item._book_shares() or ((False, 100),):
                code = self.env["distribution.branch"].browse(branch).code or "none"
                key = item.account_id.name, code
                posted[key] = posted.get(key, 0.0) + item.balance * share / 100
        return {
            key: round(total, 2) for key, total in posted.items() if round(total, 2)
        }

    def _rows(self, text):
        rows = {}
        for match in list(ROW.finditer(text))[2:]:
            account, branch, debit, credit = (
                cell.strip() for cell in match["cells"].split("|")
            )
            rows[account, branch] = float(debit or 0) - float(credit or 0)
        return rows

    def _table(self, posted):
        lines = ["| account | branch | debit | credit |", "| --- | --- | --: | --: |"]
        for (account, branch), total in sorted(
            posted.items(), key=lambda x: (x[1] < 0, x[0])
        ):
            sides = (f"{total:.2f}", "") if total > 0 else ("", f"{-total:.2f}")
            lines.append(f"| {account} | {branch} | {sides[0]} | {sides[1]} |")
        return "\n".join(lines)

    # The events: each prepares what is needed, and returns what makes it happen.

    def _bought(self):
        order = self._supply(self.north, 100)
        return lambda: self._bill(order)

    def _bought_periodic(self):
        order = self._supply(self.north, 100, product=self.tape)
        return lambda: self._bill(order)

    def _sold(self):
        self._purchase_now(self.north, 100)
        order = self._order(self.north, 10)
        self._validate_all(order.picking_ids)
        return lambda: self._invoice(order)

    def _credited(self):
        self._purchase_now(self.north, 100)
        order = self._order(self.north, 10)
        self._validate_all(order.picking_ids)
        invoice = self._invoice(order)
        return lambda: self._refund(invoice)

    def _purchase_now(self, branch, quantity):
        self._bill(self._supply(branch, quantity))

    def _shipped(self, **rule):
        self.lane_north.write({"price_deferred": False, **rule})
        transfer = self._request(quantities={self.bolt: 10})
        self._ship(transfer)
        return transfer

    def _arrived(self):
        transfer = self._shipped()
        return lambda: self._receive(transfer)

    def _arrived_dearer(self):
        transfer = self._shipped(price_rule="cost_plus", price_percent=10)
        return lambda: self._receive(transfer)

    def _deferred(self):
        transfer = self._shipped(
            price_rule="cost_plus", price_percent=10, price_deferred=True
        )
        return lambda: self._receive(transfer)

    def _released(self):
        self._deferred()()
        order = self._order(self.north, 4)
        self._validate_all(order.picking_ids)
        return self.env["distribution.lane"]._cron_release_markup

    def _left(self):
        self.lane_north.write({"freight_rule": "weight", "freight_rate": 0.5})
        transfer = self._request(quantities={self.bolt: 10})
        return lambda: self._ship(transfer)

    def _billed(self):
        self.lane_north.write({"freight_rule": "weight", "freight_rate": 0.5})
        transfer = self._shipped()
        account = self._account("Carriers", "expense")

        def bill():
            posted = self._charge(12.5, self.central, account)
            posted.action_post()
            posted.invoice_line_ids.assign_freight(transfer.ids)

        return bill

    def _short(self):
        transfer = self._shipped()
        self._receive(transfer, {self.bolt: 8})
        return transfer.sudo().discrepancy_ids

    def _lost(self):
        short = self._short()
        return lambda: short.action_settle("write_off", fault="shipper")

    def _claimed(self):
        short = self._short()
        return lambda: short.action_settle("claim")

    def _scrapped_goods(self):
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.bolt.id,
                "scrap_qty": 3,
                "location_id": self.central.warehouse_id.lot_stock_id.id,
            }
        )
        scrap.scrap_location_id.valuation_account_id = self.waste
        return scrap.action_validate

    def _shared(self):
        part = {
            str(self.central.analytic_account_id.id): 60.0,
            str(self.north.analytic_account_id.id): 40.0,
        }
        return lambda: self._charge(
            250, self.central, analytic_distribution=part
        ).action_post()

    def _closed(self):
        self._close()
        for branch, quantity in ((self.north, 100), (self.central, 50)):
            self._bill(self._supply(branch, quantity, product=self.tape))
        order = self._order(self.north, 30, product=self.tape)
        self._validate_all(order.picking_ids)
        return self._close
