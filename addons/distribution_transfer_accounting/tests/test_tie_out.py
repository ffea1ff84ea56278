import random

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.distribution_accounting.tests.common import AccountingCase

from .common import LedgerCase

SEEDS = range(3)
NIL = (
    "interbranch_clearing_account_id",
    "interbranch_goods_account_id",
    "interbranch_margin_account_id",
    "interbranch_deferred_account_id",
)


@tagged("post_install", "-at_install")
class TestTieOut(LedgerCase):
    """Whatever happens, in whatever order: the branches add up to the company.

    Random but repeatable: the number of a failing sequence is its seed. Products of each
    cost method, valued at each invoice and at the closing, in three branches.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls.env["product.product"]
        for valuation in ("real_time", "periodic"):
            for method in ("standard", "average", "fifo"):
                name = f"{valuation} {method}"
                category = cls.env["product.category"].create(
                    {
                        "name": name,
                        "property_valuation": valuation,
                        "property_cost_method": method,
                    }
                )
                cls.products += cls._new_product(name, categ_id=category.id)
        cls.products.write({"invoice_policy": "delivery", "weight": 1.0})
        for product in cls.products:
            cls._stock_at(cls.north, product, 5)
            cls._stock_at(cls.west, product, 5)
        cls.lane_north.write({"freight_rule": "weight", "freight_rate": 0.37})
        cls.lane_west.write({"freight_rule": "fixed", "freight_rate": 13.13})
        cls.between = cls.env["product.pricelist"].create(
            {
                "name": "Between branches",
                "item_ids": [
                    Command.create({"compute_price": "fixed", "fixed_price": 5.55})
                ],
            }
        )
        cls.first_entry = (
            cls.env["account.move"].search([], order="id desc", limit=1).id
        )
        cls.storemen = {
            cls.central: cls.cora,
            cls.north: cls.olga,
            cls.west: cls.wim,
        }

    def test_random_streams(self):
        done = set()
        for seed in SEEDS:
            with self.subTest(seed=seed):
                done |= self._play(random.Random(seed))
        self.assertEqual(done, {action.__name__ for action in self._actions()})

    def _play(self, dice):
        done = set()
        self.transfers = self.env["distribution.transfer"]
        self.invoices = self.bills = self.freight = self.env["account.move"]
        for product in self.products:
            for branch in self.storemen:
                self._bill_now(branch, product, dice)
        actions = 2 * self._actions()
        dice.shuffle(actions)
        for action in actions:
            try:
                with self.env.cr.savepoint():
                    if action(dice) is not False:
                        done.add(action.__name__)
                    self.env.flush_all()
            except UserError:
                self.env.invalidate_all()
        self._assert_tied()
        return done

    def _actions(self):
        return [
            *(self._do_buy, self._do_sell, self._do_sell, self._do_refund),
            *(self._do_scrap, self._do_count, self._do_request, self._do_request),
            *(self._do_ship, self._do_ship, self._do_receive, self._do_receive),
            *(self._do_settle, self._do_price, self._do_freight_bill, self._do_undo),
            *(self._do_freight_bill, self._do_undo, self._do_cancel, self._do_correct),
            *(self._do_return_goods, self._do_correct),
            *(self._do_charge, self._do_release, self._do_close, self._do_pay),
        ]

    # What people do.

    def _branch(self, dice):
        return dice.choice(list(self.storemen))

    def _bill_now(self, branch, product, dice):
        order = self._supply_as(branch, product, dice.randint(3, 40), dice)
        self.bills |= self._bill(order)

    def _supply_as(self, branch, product, quantity, dice):
        price = dice.choice([3.33, 4.0, 4.17, 5.01])
        return AccountingCase._supply(self, branch, quantity, price, product)

    def _do_buy(self, dice):
        branch, product = self._branch(dice), dice.choice(self.products)
        order = self._supply_as(branch, product, dice.randint(1, 20), dice)
        if dice.random() < 0.7:
            self.bills |= self._bill(order)

    def _do_sell(self, dice):
        branch, product = self._branch(dice), dice.choice(self.products)
        order = self._order(branch, dice.randint(1, 6), 9.99, product)
        self._validate_all(order.picking_ids)
        if dice.random() < 0.8:
            self.invoices |= self._invoice(order)

    def _do_refund(self, dice):
        invoice = dice.choice(self.invoices) if self.invoices else None
        if not invoice or invoice.state != "posted":
            return False
        return bool(self._refund(invoice))

    def _do_return_goods(self, dice):
        """A customer brings goods back."""
        invoice = dice.choice(self.invoices) if self.invoices else None
        if not invoice:
            return False
        delivery = invoice.line_ids.sale_line_ids.order_id.picking_ids[:1]
        wizard = self.env["stock.return.picking"].with_context(
            active_model="stock.picking", active_id=delivery.id, active_ids=delivery.ids
        )
        wizard = wizard.create({"picking_id": delivery.id})
        wizard.product_return_moves.quantity = 1
        action = wizard.action_create_returns()
        self._validate_all(delivery.browse(action["res_id"]))

    def _do_cancel(self, dice):
        """Nobody needs a transfer that has not left."""
        waiting = self.transfers.filtered(lambda x: x.ship_status == "no")
        waiting = waiting.filtered(lambda x: x.state != "cancelled")
        if not waiting:
            return False
        dice.choice(waiting).action_cancel()

    def _do_correct(self, dice):
        """The controller corrects the branch of posted items."""
        posted = (self.bills | self.invoices | self.freight).filtered(
            lambda x: x.state == "posted"
        )
        wizard = self.env["distribution.branch.correct"].with_user(self.fiona)
        wizard.create(
            {
                "line_ids": dice.choice(posted).invoice_line_ids.ids,
                "branch_id": self._branch(dice).id,
                "reason": "Keyed wrongly.",
            }
        ).action_correct()

    def _do_pay(self, dice):
        invoice = dice.choice(self.invoices) if self.invoices else None
        if not invoice or invoice.payment_state != "not_paid":
            return False
        wizard = self.env["account.payment.register"].with_user(self.nora)
        wizard = wizard.with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return bool(wizard.create({}).action_create_payments())

    def _do_scrap(self, dice):
        branch = self._branch(dice)
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": dice.choice(self.products).id,
                "scrap_qty": 1,
                "location_id": branch.warehouse_id.lot_stock_id.id,
            }
        )
        return scrap.action_validate() is True

    def _do_count(self, dice):
        quantity = dice.randint(0, 30)
        self._count(dice.choice(self.products), self._branch(dice), quantity)

    def _do_request(self, dice):
        lane = dice.choice([self.lane_north, self.lane_west])
        chosen = dice.sample(list(self.products), 3)
        self.transfers |= self._request(
            self.storemen[lane.destination_branch_id],
            lane=lane,
            quantities={product: dice.randint(1, 7) for product in chosen},
        )

    def _some(self, dice, leg):
        found = self.transfers.filtered(lambda x: self._picking(x, leg))
        return dice.choice(found) if found else None

    def _do_ship(self, dice):
        transfer = self._some(dice, "ship")
        return transfer and bool(self._ship(transfer)) or False

    def _do_receive(self, dice):
        transfer = self._some(dice, "receive")
        if not transfer or transfer.ship_status == "no":
            return False
        user = self.storemen[transfer.destination_branch_id]
        picking = self._picking(transfer, "receive").with_user(user)
        entries = []
        for move in picking.move_ids:
            short = dice.choice([0, 0, 0, 1])
            damaged = dice.choice([0, 0, 1])
            quantity = max(move.product_uom_qty - short, 1)
            entry = {"move_id": move.id, "quantity": quantity}
            entries.append({**entry, "damaged": min(damaged, quantity)})
        picking.action_unload(entries)
        return True

    def _do_settle(self, dice):
        found = self.transfers.sudo().discrepancy_ids.filtered(
            lambda x: x.state == "open"
        )
        if not found:
            return False
        way = dice.choice(["write_off", "claim", "return", "accept"])
        fault = dice.choice(["shipper", "receiver", "carrier"])
        dice.choice(found).action_settle(way, fault=fault)
        return True

    def _do_price(self, dice):
        dice.choice([self.lane_north, self.lane_west]).write(
            {
                "price_rule": dice.choice(
                    ["cost", "cost_plus", "list_minus", "pricelist"]
                ),
                "price_pricelist_id": self.between.id,
                "price_percent": dice.choice([7.5, 33.33]),
                "price_deferred": dice.random() < 0.7,
                "freight_bearer": dice.choice(["source", "destination"]),
            }
        )

    def _do_freight_bill(self, dice):
        shipped = self.transfers.filtered(
            lambda x: x.ship_status != "no" and x.state != "closed"
        )
        if not shipped:
            return False
        bill = self._charge(dice.choice([11.11, 40.0]), self._branch(dice))
        bill.action_post()
        chosen = dice.sample(list(shipped), min(len(shipped), 2))
        bill.invoice_line_ids.assign_freight([x.id for x in chosen])
        self.freight |= bill
        return True

    def _do_undo(self, dice):
        """A bill is taken back, or posted again, or credited."""
        if not self.freight:
            return False
        bill = dice.choice(self.freight)
        if bill.state == "draft":
            bill.action_post()
        elif bill.state == "posted" and dice.random() < 0.5:
            bill.button_draft()
        elif bill.state == "posted":
            self._refund(bill)
        return True

    def _do_charge(self, dice):
        branches = dice.sample(list(self.storemen), 2)
        part = {str(x.analytic_account_id.id): 50.0 for x in branches}
        bill = self._charge(33.35, branches[0], analytic_distribution=part)
        bill.action_post()

    def _do_release(self, dice):
        self.env["distribution.lane"]._cron_release_markup()

    def _do_close(self, dice):
        return bool(self._close())

    # What must hold.

    def _assert_tied(self):
        self.env["distribution.lane"]._cron_release_markup()
        self.env.flush_all()
        self.env.invalidate_all()  # values of products are cached within a transaction
        self._close()
        self.env.flush_all()
        self.env.invalidate_all()
        self._assert_nothing_unassigned()
        self._assert_nil_for_company()
        self._assert_entries_balance_by_branch()
        self._assert_stock()
        self._assert_receivables()
        self._assert_reports()

    def _assert_nothing_unassigned(self):
        items = self.env["account.move.line"].search(
            [("parent_state", "=", "posted"), ("move_id", ">", self.first_entry)]
        )
        missing = items._without_branch()
        self.assertFalse(missing.mapped("name"))
        results = items.filtered(
            lambda x: x.account_id.internal_group in ("income", "expense")
        )
        # Odoo's own analytic reports say the same as the items.
        plan = self.env.ref("distribution_accounting.analytic_plan_branch")
        analytic = self.env["account.analytic.line"]._read_group(
            [("move_line_id", "in", results.ids)], [plan._column_name()], ["amount:sum"]
        )
        by_item = {}
        for item in results:
            for branch, share in item._book_shares():
                amount = -item.balance * share / 100
                by_item[branch] = by_item.get(branch, 0.0) + amount
        named = self.env["distribution.branch"]._analytic_map()
        for account, amount in analytic:
            self.assertAlmostEqual(by_item[named[account.id][0]], amount, 1)

    def _assert_nil_for_company(self):
        for field in NIL:
            balances = self._balances(self.company[field])
            self.assertAlmostEqual(sum(balances.values()), 0, 2, f"{field}: {balances}")

    def _assert_entries_balance_by_branch(self):
        entries = self.env["account.move"].search(
            [("interbranch_kind", "in", ("price", "deferral"))]
        )
        for entry in entries:
            for branch, lines in entry.line_ids.grouped("branch_id").items():
                total = sum(lines.mapped("balance"))
                self.assertAlmostEqual(total, 0, 2, f"{entry.name} {branch.code}")

    def _assert_stock(self):
        """After a closing the books of each branch have what its stock is worth."""
        worth = {}
        values = self.company._branch_stock_values()
        for account, places in values.items():
            for (branch, _lane), value in places.items():
                key = account.id, branch
                worth[key] = worth.get(key, 0.0) + value
        accounts = self.env["account.account"].union(*values)
        booked = self.company._branch_balances(accounts)
        for key in worth.keys() | booked.keys():
            difference = booked.get(key, 0.0) - worth.get(key, 0.0)
            self.assertAlmostEqual(difference, 0, 2, key)
        everything = self.env["product.product"].search([("is_storable", "=", True)])
        total = sum(everything.mapped("total_value"))
        of_branches = sum(sum(x.values()) for x in values.values())
        self.assertAlmostEqual(of_branches, total, 2)

    def _assert_receivables(self):
        items = self.env["account.move.line"].search(
            [
                ("parent_state", "=", "posted"),
                ("account_type", "=", "asset_receivable"),
                ("move_id", ">", self.first_entry),
            ]
        )
        open_items = items.filtered("amount_residual")
        self.assertTrue(all(item.branch_id for item in open_items))

    def _assert_reports(self):
        """The pages that the controller sees prove it by themselves."""
        pnl = self.env["distribution.branch.pnl"].with_user(self.fiona)
        for by in ("account", "category", "segment", "channel"):
            report = pnl.get_report({"period": "this_month", "rows": by})
            self.assertTrue(report["tie"]["is_tied"], by)
        balance = self.env["distribution.branch.balance"].with_user(self.fiona)
        self.assertTrue(balance.get_report(False)["tied"])
