from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.distribution_network.tests.common import NetworkCase


class AccountingCase(NetworkCase):
    """The network of the other tests, in a company that keeps accounts.

    `fiona` is its finance controller, `nora` makes invoices and bills for all branches.
    `bolt` is valued at each invoice (average cost 4.00), `tape` at the closing (standard
    price 4.00).

    Verbs: `_purchase` (order, receive, bill), `_supply` (only order and receive), `_sale`
    (order, deliver, invoice), `_bill`, `_charge` (a bill without order), `_entry`,
    `_refund`, `_ship` (goods along a lane). Figures: `_balances` of accounts by branch,
    `assertBranches`, `assertTied`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_books()

    @classmethod
    def _set_up_books(cls):
        """People who keep books, accounts and products of both kinds of valuation."""
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company)
        cls.fiona = cls._new_user("finance_controller", "fiona")
        cls.nora = new_test_user(
            cls.env,
            login="nora",
            groups="distribution_base.group_finance_controller,"
            "distribution_base.group_central_buyer,"
            "sales_team.group_sale_salesman_all_leads,"
            "stock.group_stock_user",
        )
        cls.perpetual, cls.periodic = cls.env["product.category"].create(
            [
                {
                    "name": name,
                    "property_valuation": valuation,
                    "property_cost_method": method,
                }
                for name, valuation, method in (
                    ("Fasteners", "real_time", "average"),
                    ("Supplies", "periodic", "standard"),
                )
            ]
        )
        cls.stock_account = cls.perpetual.property_stock_valuation_account_id
        cls.bolt = cls._new_product("Bolt", categ_id=cls.perpetual.id)
        cls.tape = cls._new_product("Tape", categ_id=cls.periodic.id)
        cls.sales = cls._account("Branch sales", "income")
        cls.rent = cls._account("Rent", "expense")
        (cls.bolt | cls.tape).invoice_policy = "delivery"

    @classmethod
    def _account(cls, name, account_type):
        code = f"T{name[:3].upper()}{account_type[:4].upper()}"
        return cls.env["account.account"].create(
            {"name": name, "code": code, "account_type": account_type}
        )

    # Documents, as those make them who may.

    def _supply(self, branch, quantity, price=4.0, product=None):
        """A purchase order of a branch, received in full."""
        line = {
            "product_id": (product or self.bolt).id,
            "product_qty": quantity,
            "price_unit": price,
            "tax_ids": [Command.clear()],
        }
        order = (
            self.env["purchase.order"]
            .with_user(self.nora)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "picking_type_id": branch.warehouse_id.in_type_id.id,
                    "order_line": [Command.create(line)],
                }
            )
        )
        order.button_confirm()
        self._validate_all(order.picking_ids)
        return order

    def _purchase(self, branch, quantity, price=4.0, product=None):
        """A purchase order of a branch, received and billed; returns the bill."""
        return self._bill(self._supply(branch, quantity, price, product))

    def _bill(self, order):
        order.action_create_invoice()
        bill = order.invoice_ids[-1:]
        bill.invoice_date = fields.Date.context_today(bill)
        bill.action_post()
        return bill

    def _order(self, branch, quantity, price=10.0, product=None):
        line = {
            "product_id": (product or self.bolt).id,
            "product_uom_qty": quantity,
            "price_unit": price,
            "tax_ids": [Command.clear()],
        }
        order = (
            self.env["sale.order"]
            .with_user(self.nora)
            .create(
                {
                    "partner_id": self.customer.id,
                    "warehouse_id": branch.warehouse_id.id,
                    "order_line": [Command.create(line)],
                }
            )
        )
        order.action_confirm()
        return order

    def _sale(self, branch, quantity, price=10.0, product=None):
        """An order of a branch, delivered and invoiced; returns the invoice."""
        order = self._order(branch, quantity, price, product)
        self._validate_all(order.picking_ids)
        return self._invoice(order)

    def _invoice(self, orders):
        invoice = orders._create_invoices()
        invoice.action_post()
        return invoice

    def _validate_all(self, pickings):
        for picking in pickings:
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty
            picking.move_ids.picked = True
            picking.with_context(skip_sms=True, skip_backorder=True).button_validate()

    def _charge(self, amount, branch=None, account=None, user=None, **values):
        """A vendor bill without an order, in draft."""
        line = {
            "name": "Services",
            "account_id": (account or self.rent).id,
            "price_unit": amount,
            "tax_ids": [Command.clear()],
            **values,
        }
        return (
            self.env["account.move"]
            .with_user(user or self.nora)
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": self.vendor.id,
                    "invoice_date": fields.Date.context_today(self.env.user),
                    "branch_id": branch and branch.id,
                    "invoice_line_ids": [Command.create(line)],
                }
            )
        )

    def _entry(self, lines, user=None, **values):
        """A journal entry in draft: [(account, balance, branch)]."""
        return (
            self.env["account.move"]
            .with_user(user or self.fiona)
            .create(
                {
                    "move_type": "entry",
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": account.id,
                                "balance": balance,
                                "name": "Entry",
                                **({"own_branch_id": branch.id} if branch else {}),
                            }
                        )
                        for account, balance, branch in lines
                    ],
                    **values,
                }
            )
        )

    def _refund(self, invoice):
        """The credit note of an invoice, posted."""
        note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        note.action_post()
        return note

    def _carry(self, lane, quantity, product=None, received=True):
        """Goods along a lane, shipped and (unless not `received`) received."""
        ship, receive = self._replenish(lane, quantity, product or self.bolt)
        self._do(ship)
        if received:
            self._do(receive)
        return receive

    def _move(self, product, source, target, quantity, operation=None, origins=None):
        """Move goods at once."""
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": source.id,
                "location_dest_id": target.id,
                "picking_type_id": operation and operation.id,
                "move_orig_ids": [Command.set(origins.ids)] if origins else False,
            }
        )
        move._action_confirm(merge=False)
        move._action_assign()
        move.quantity = quantity
        move.picked = True
        move._action_done()
        return move

    # Figures.

    def _balances(self, accounts):
        """{branch: balance} of posted items; nil is left out."""
        self.env.flush_all()
        groups = self.env["account.move.line"]._read_group(
            [("account_id", "in", accounts.ids), ("parent_state", "=", "posted")],
            ["branch_id"],
            ["balance:sum"],
        )
        return {branch: round(total, 2) for branch, total in groups if round(total, 2)}

    def _of_company(self, field):
        return self.company[field]

    def _close(self):
        """Close the valuation of the stock; returns the entry, if there is one."""
        before = self.env["account.move"].search([], order="id desc", limit=1)
        vals = self.company._action_close_stock_valuation()
        if not vals:
            return before.browse()
        action = self.company.action_close_stock_valuation(auto_post=True)
        return before.browse(action["res_id"])
