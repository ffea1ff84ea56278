from collections import defaultdict
from datetime import datetime, time
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from .account_move_line import SILENT
from .res_company import NIL


class Check(NamedTuple):
    """A thing that has to be right before a month is closed.

    One with a model counts its records of the domain `_<code>_domain()` of the month close.
    Another one has its figures from `_check_<code>()`: {branch id or False: (how many
    records are in the way, what they are worth)}, in a constant number of queries, and its
    records from `_evidence_<code>(branch)`: model and domain of an action.
    """

    code: str
    label: str
    # Who takes care: "branch" or "controller".
    owner: str
    # Whether each branch has an item, also where nothing is found.
    per_branch: bool = False
    # Whether it has to be nil, and no explanation will do.
    strict: bool = False
    model: str = ""
    # Fields of the model: what a record is worth, and its branch.
    amount: str = ""
    branch_field: str = "branch_id"


class DistributionClosing(models.Model):
    _inherit = "distribution.closing"

    @api.model
    def _closing_checks(self):
        """The checks in the order of the list. Extended by addons that know more."""
        return self._checks_of_branches() + self._checks_of_company()

    def _checks_of_branches(self):
        env = self.env
        return [
            Check(
                "drafts",
                env._("Drafts left"),
                "controller",
                per_branch=True,
                model="account.move",
                amount="amount_total_signed",
            ),
            Check(
                "unassigned",
                env._("Posted items without branch"),
                "controller",
                per_branch=True,
            ),
            Check(
                "received",
                env._("Goods received, not billed"),
                "branch",
                per_branch=True,
            ),
            Check(
                "billed", env._("Goods billed, not received"), "branch", per_branch=True
            ),
            Check(
                "counts",
                env._("Open counts"),
                "branch",
                per_branch=True,
                model="stock.quant",
            ),
        ]

    def _checks_of_company(self):
        env = self.env
        return [
            Check(
                "shared",
                env._("Shared costs distributed for the month"),
                "controller",
                model="account.move.line",
                amount="balance",
            ),
            Check(
                "valuation", env._("Stock valuation posted"), "controller", strict=True
            ),
            Check(
                "interbranch",
                env._("Accounts between branches are nil"),
                "controller",
                strict=True,
            ),
            Check(
                "bank",
                env._("Bank lines reconciled"),
                "controller",
                strict=True,
                model="account.bank.statement.line",
                amount="amount",
            ),
        ]

    def _closing_figures(self):
        """{(code, branch id or False): values of the item}."""
        self.ensure_one()
        branches = self.env["distribution.branch"].search(
            [("company_id", "=", self.company_id.id)]
        )
        managers = {branch.id: branch.manager_id.id for branch in branches}
        figures = {}
        for sequence, check in enumerate(self._closing_checks()):
            found = self._figures_of(check)
            places = set(found)
            places |= set(branches.ids) if check.per_branch else {False}
            for branch in places:
                count, amount = found.get(branch, (0, 0.0))
                user = managers.get(branch) if check.owner == "branch" else False
                figures[check.code, branch] = {
                    "code": check.code,
                    "branch_id": branch,
                    "sequence": sequence,
                    "count": count,
                    "amount": self.currency_id.round(amount),
                    "is_strict": check.strict,
                    "owner_role": check.owner,
                    "user_id": user or self._default_owner(check),
                    "state": "open" if count else "ok",
                }
        return figures

    def _default_owner(self, check):
        """Controllers own what has no other owner: the one who opened the list."""
        system = self.create_uid == self.env.ref("base.user_root")
        return False if check.owner == "branch" or system else self.create_uid.id

    def _last_moment(self):
        """The end of the last day."""
        return datetime.combine(self.date_to, time.max).replace(microsecond=0)

    def _figures_of(self, check):
        """{branch id or False: (number of records, what they are worth)}."""
        if not check.model:
            return getattr(self, f"_check_{check.code}")()
        groups = self.env[check.model]._read_group(
            getattr(self, f"_{check.code}_domain")(),
            [check.branch_field] if check.per_branch else [],
            ["__count", f"{check.amount}:sum"] if check.amount else ["__count"],
        )
        figures = {}
        for row in groups:
            branch, row = (row[0].id, row[1:]) if check.per_branch else (False, row)
            figures[branch] = row[0], abs(row[1] or 0.0) if check.amount else 0.0
        return figures

    def _evidence(self, code, branch):
        """Model, domain and whatever else an action needs to show the records."""
        check = next(check for check in self._closing_checks() if check.code == code)
        if not check.model:
            return getattr(self, f"_evidence_{code}")(branch)
        domain = list(getattr(self, f"_{code}_domain")())
        if check.per_branch:
            domain.append((check.branch_field, "=", branch.id))
        action = {"res_model": check.model, "domain": domain}
        if check.model == "stock.quant":
            view = self.env.ref("stock.view_stock_quant_tree_inventory_editable")
            action.update(views=[(view.id, "list")], view_mode="list")
        return action

    # Drafts and items without branch.

    def _drafts_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            ("state", "=", "draft"),
            ("date", "<=", self.date_to),
        ]

    def _shared_domain(self):
        """Costs of keys that go by figures of the month, and still have those of before."""
        return [
            ("company_id", "=", self.company_id.id),
            ("parent_state", "=", "posted"),
            ("date", ">=", self.date_from),
            ("date", "<=", self.date_to),
            ("distribution_version_id.basis", "!=", "fixed"),
            ("distribution_version_id.date_from", "<", self.date_from),
        ]

    def _unassigned_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            ("parent_state", "=", "posted"),
            ("date", ">=", self.date_from),
            ("date", "<=", self.date_to),
            ("branch_id", "=", False),
            ("branch_split", "=", False),
            ("account_id.internal_group", "in", ("income", "expense")),
            ("display_type", "not in", SILENT),
        ]

    def _check_unassigned(self):
        """By the branch of the document: whoever made it knows whose it is."""
        items = self.env["account.move.line"]._read_group(
            self._unassigned_domain(), ["move_id"], ["__count", "balance:sum"]
        )
        found = defaultdict(lambda: (0, 0.0))
        for move, count, balance in items:
            before = found[move.branch_id.id]
            found[move.branch_id.id] = before[0] + count, before[1] + abs(balance)
        return found

    def _evidence_unassigned(self, branch):
        domain = [*self._unassigned_domain(), ("move_id.branch_id", "=", branch.id)]
        return {"res_model": "account.move.line", "domain": domain}

    # Counts.

    def _counts_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            ("location_id.usage", "=", "internal"),
            "|",
            ("inventory_quantity_set", "=", True),
            ("inventory_date", "<=", self.date_to),
        ]

    # Accounts between branches, bank.

    def _interbranch_domain(self):
        accounts = self.env["account.account"].union(
            *(self.company_id.sudo()[field] for field in NIL)  # chosen for everybody
        )
        return [
            ("company_id", "=", self.company_id.id),
            ("account_id", "in", accounts.ids),
            ("parent_state", "=", "posted"),
            ("date", "<=", self.date_to),
        ]

    def _check_interbranch(self):
        groups = self.env["account.move.line"]._read_group(
            self._interbranch_domain(), ["account_id"], ["balance:sum"]
        )
        zero = self.currency_id.is_zero
        wrong = [abs(balance) for _account, balance in groups if not zero(balance)]
        return {False: (len(wrong), sum(wrong))}

    def _evidence_interbranch(self, _branch):
        return {
            "res_model": "account.move.line",
            "domain": self._interbranch_domain(),
            "context": {"group_by": ["account_id", "branch_id"], "create": False},
        }

    def _bank_domain(self):
        """Odoo locks no books with such lines."""
        return self.company_id._get_unreconciled_statement_lines_domain(self.date_to)

    # Goods and bills.

    def _check_received(self):
        return self._unbilled_by_branch(1)

    def _evidence_received(self, branch):
        return self._unbilled_lines(1, branch)

    def _check_billed(self):
        return self._unbilled_by_branch(-1)

    def _evidence_billed(self, branch):
        return self._unbilled_lines(-1, branch)

    def _unbilled_by_branch(self, sign):
        found = defaultdict(lambda: (0, 0.0))
        for _line, branch, value in self._unbilled(sign):
            before = found[branch or False]
            found[branch or False] = before[0] + 1, before[1] + value
        return found

    def _unbilled_lines(self, sign, branch):
        ids = [
            line for line, of, _x in self._unbilled(sign) if (of or False) == branch.id
        ]
        return {"res_model": "purchase.order.line", "domain": [("id", "in", ids)]}

    def _unbilled(self, sign):
        """[(purchase line, branch, value)] of what is received and not billed.

        :param sign: 1, or -1 for what is billed and not received
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                WITH line AS (%(lines)s), received AS (%(received)s), billed AS (%(billed)s)
                SELECT line.id, line.branch_id, ABS(line.price * %(open)s) AS value
                  FROM line
             LEFT JOIN received ON received.id = line.id
             LEFT JOIN billed ON billed.id = line.id
                 WHERE %(sign)s * %(open)s > 0.00001
                """,
                lines=self._query_purchase_lines(),
                received=self._query_received(),
                billed=self._query_billed(),
                open=SQL("(COALESCE(received.units, 0) - COALESCE(billed.units, 0))"),
                sign=sign,
            )
        )

    def _query_purchase_lines(self):
        """Lines of goods whose receipts and bills may differ at the last day.

        Those that agree now, and had neither since, are left out: nearly all are such.
        """
        return SQL(
            """SELECT line.id, purchase.branch_id, uom.factor,
                      line.price_subtotal / NULLIF(line.product_uom_qty, 0)
                          / COALESCE(NULLIF(purchase.currency_rate, 0), 1) AS price
                 FROM purchase_order_line line
                 JOIN purchase_order purchase ON purchase.id = line.order_id
                 JOIN product_product product ON product.id = line.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
                 JOIN uom_uom uom ON uom.id = template.uom_id
                WHERE purchase.company_id = %(company)s AND purchase.state = 'purchase'
                  AND template.type = 'consu'
                  AND (line.qty_received IS DISTINCT FROM line.qty_invoiced
                   OR EXISTS (SELECT FROM stock_move move
                               WHERE move.purchase_line_id = line.id
                                 AND move.state = 'done' AND move.date > %(end)s)
                   OR EXISTS (SELECT FROM account_move_line item
                               WHERE item.purchase_line_id = line.id
                                 AND (item.parent_state = 'draft' OR item.date > %(day)s)))
            """,
            company=self.company_id.id,
            end=self._last_moment(),
            day=self.date_to,
        )

    def _query_received(self):
        """What has come from suppliers, less what went back; in the product's unit."""
        return SQL(
            """SELECT line.id, SUM(CASE WHEN source.usage = 'supplier' THEN 1 ELSE -1 END
                                   * part.quantity_product_uom) AS units
                 FROM line
                 JOIN stock_move move ON move.purchase_line_id = line.id
                 JOIN stock_move_line part ON part.move_id = move.id
                 JOIN stock_location source ON source.id = move.location_id
                 JOIN stock_location target ON target.id = move.location_dest_id
                WHERE move.state = 'done' AND move.date <= %(end)s
                  AND (source.usage = 'supplier') <> (target.usage = 'supplier')
             GROUP BY line.id""",
            end=self._last_moment(),
        )

    def _query_billed(self):
        """What posted bills say, less refunds; in the product's unit."""
        return SQL(
            """SELECT line.id, SUM(CASE WHEN bill.move_type = 'in_refund' THEN -1 ELSE 1 END
                                   * item.quantity * uom.factor / line.factor) AS units
                 FROM line
                 JOIN account_move_line item ON item.purchase_line_id = line.id
                 JOIN account_move bill ON bill.id = item.move_id
                 JOIN uom_uom uom ON uom.id = item.product_uom_id
                WHERE item.parent_state = 'posted' AND item.date <= %(day)s
                  AND bill.move_type IN ('in_invoice', 'in_refund')
             GROUP BY line.id""",
            day=self.date_to,
        )
