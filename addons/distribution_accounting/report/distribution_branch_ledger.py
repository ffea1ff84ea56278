from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..models.account_account import SECTIONS
from . import distribution_branch_shares as shares


class DistributionBranchLedger(models.Model):
    """What each branch earns and bears: posted items of the profit and loss.

    A row for each item; for one that is spread over several branches a row for each of
    them, which add up to the item to the cent. Items without a branch are in it too.
    """

    _name = "distribution.branch.ledger"
    _description = "Branch Profit and Loss Item"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "name"
    _depends = {
        "account.account": ["account_type", "branch_section"],
        "account.move": ["team_id", "interbranch_kind"],
        "account.move.line": [
            "account_id",
            "analytic_distribution",
            "balance",
            "branch_id",
            "branch_split",
            "category_id",
            "company_currency_id",
            "company_id",
            "date",
            "journal_id",
            "move_id",
            "name",
            "parent_state",
            "partner_id",
            "product_id",
            "quantity",
        ],
        "distribution.branch": ["analytic_account_id", "company_id", "region_id"],
        "res.currency": ["rounding"],
        "res.partner": ["industry_id"],
    }

    date = fields.Date(readonly=True, help="The accounting date.")
    name = fields.Char(string="Label", readonly=True, help="The label of the item.")
    company_id = fields.Many2one(
        "res.company", readonly=True, help="The company that posted the item."
    )
    currency_id = fields.Many2one(
        "res.currency", readonly=True, help="The currency of the company."
    )
    region_id = fields.Many2one(
        "distribution.region", readonly=True, help="The region of the branch today."
    )
    branch_id = fields.Many2one(
        "distribution.branch",
        readonly=True,
        help="The branch that earns or bears it; empty where the item names none.",
    )
    is_shared = fields.Boolean(
        string="Shared by Branches",
        readonly=True,
        help="A part of an item that is spread over several branches.",
    )
    section = fields.Selection(
        SECTIONS,
        readonly=True,
        help="Where the account stands in the profit and loss of the branches.",
    )
    account_id = fields.Many2one(
        "account.account", readonly=True, help="The account of the item."
    )
    journal_id = fields.Many2one(
        "account.journal", readonly=True, help="The journal of the entry."
    )
    product_id = fields.Many2one(
        "product.product", readonly=True, help="The product of the item."
    )
    category_id = fields.Many2one(
        "product.category",
        string="Product Category",
        readonly=True,
        help="The category that the product had when the item was made.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        readonly=True,
        help="The customer, vendor or carrier of the item.",
    )
    industry_id = fields.Many2one(
        "res.partner.industry",
        string="Customer Segment",
        readonly=True,
        help="The industry of the partner. A partner has one industry, while he may have "
        "many tags, so the segments add up to the whole.",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Channel",
        readonly=True,
        help="The sales team of the invoice.",
    )
    interbranch_kind = fields.Selection(
        selection=lambda self: self.env["account.move"]
        ._fields["interbranch_kind"]
        .selection,
        string="Between Branches",
        readonly=True,
        help="What the entry posts between branches; empty for all other entries.",
    )
    amount = fields.Monetary(
        readonly=True,
        help="What the item adds to the profit of the branch, in company currency: income "
        "counts as positive, costs count as negative.",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Journal Entry",
        readonly=True,
        help="The entry of the item.",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Journal Item",
        readonly=True,
        help="The item itself; several rows have the same where branches share it.",
    )

    @property
    def _table_query(self):
        return SQL("%s UNION ALL %s", self._select_items(), self._select_parts())

    def _select_items(self):
        """Items that are of one branch, or of none.

        Each table that is joined from the left is joined by its key: where a report does
        not need its columns, the database leaves it out and reads an index alone.
        """
        return SQL(
            "SELECT %s FROM account_move_line line %s "
            "WHERE line.parent_state = 'posted' AND line.branch_split IS NOT TRUE",
            self._columns(
                SQL("line.id::bigint"),
                SQL("line.branch_id"),
                SQL("FALSE"),
                SQL("-line.balance"),
            ),
            self._joins(SQL("line.branch_id")),
        )

    def _select_parts(self):
        """A row for each branch of the items that several share."""
        return SQL(
            "SELECT %s FROM account_move_line line "
            "JOIN res_currency currency ON currency.id = line.company_currency_id "
            "LEFT JOIN %s part ON TRUE %s "
            "WHERE line.parent_state = 'posted' AND line.branch_split",
            self._columns(
                shares.PART_ID,
                SQL("part.branch_id"),
                SQL("TRUE"),
                SQL("-(%s)", shares.PART_BALANCE),
            ),
            shares.PARTS,
            self._joins(SQL("part.branch_id")),
        )

    def _joins(self, branch):
        return SQL(
            "JOIN account_account account ON account.id = line.account_id "
            "AND (account.account_type LIKE 'income%%' "
            "OR account.account_type LIKE 'expense%%') "
            "LEFT JOIN account_move move ON move.id = line.move_id "
            "LEFT JOIN res_partner partner ON partner.id = line.partner_id "
            "LEFT JOIN distribution_branch branch ON branch.id = %s",
            branch,
        )

    def _columns(self, row_id, branch, is_shared, amount):
        """The columns in the same order for either half."""
        columns = {
            "id": row_id,
            "date": SQL("line.date"),
            "name": SQL("line.name"),
            "company_id": SQL("line.company_id"),
            "currency_id": SQL("line.company_currency_id"),
            "region_id": SQL("branch.region_id"),
            "branch_id": branch,
            "is_shared": is_shared,
            "section": SQL("COALESCE(account.branch_section, 'other')"),
            "account_id": SQL("line.account_id"),
            "journal_id": SQL("line.journal_id"),
            "product_id": SQL("line.product_id"),
            "category_id": SQL("line.category_id"),
            "partner_id": SQL("line.partner_id"),
            "industry_id": SQL("partner.industry_id"),
            "team_id": SQL("move.team_id"),
            "interbranch_kind": SQL("move.interbranch_kind"),
            "amount": amount,
            "move_id": SQL("line.move_id"),
            "move_line_id": SQL("line.id"),
        }
        return SQL(", ").join(
            SQL("%s AS %s", expression, SQL.identifier(name))
            for name, expression in columns.items()
        )

    def action_view_entry(self):
        """Open the journal entry of the item; the order or invoice is reached from there.

        :raises AccessError: the user may not read the entry, although a branch of his has
            a part of it
        """
        self.ensure_one()
        # By its key: to look for a row of the ledger would read all of them.
        item = self.env["account.move.line"].browse(shares.item_of(self.id))
        # As superuser, to find out which entry it is; whether it may be read comes next.
        move = item.sudo().move_id.with_env(self.env)
        if not move or not move.has_access("read"):
            raise AccessError(
                self.env._(
                    "This entry is kept by head office or by another branch; what your "
                    "branch has of it is in this list. The finance controller can open it."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": move.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
