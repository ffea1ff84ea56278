import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .account_account import is_result
from .account_move_line import SILENT
from .distributions import branch_part
from .keys import keeping

_logger = logging.getLogger(__name__)
CONTROLLER = "distribution_base.group_finance_controller"


class DistributionBranchCorrection(models.Model):
    """Who corrected the branch of a posted item, from what to what, and why."""

    _name = "distribution.branch.correction"
    _description = "Branch Correction"
    _inherit = ["distribution.evidence.mixin"]
    _order = "id desc"
    _rec_name = "item"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Datetime(
        string="Corrected On", required=True, help="When it was corrected."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Corrected By",
        required=True,
        ondelete="restrict",
        help="Who corrected it.",
    )
    line_id = fields.Many2one(
        "account.move.line",
        string="Journal Item",
        index="btree_not_null",
        ondelete="set null",
        help="The item, as long as it exists.",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Journal Entry",
        index="btree_not_null",
        ondelete="set null",
        help="The entry, as long as it exists.",
    )
    entry = fields.Char(required=True, help="The number of the entry at that time.")
    item = fields.Char(required=True, help="The name of the item at that time.")
    accounting_date = fields.Date(required=True, help="The date of the entry.")
    account_id = fields.Many2one(
        "account.account",
        required=True,
        ondelete="restrict",
        help="The account of the item.",
    )
    balance = fields.Monetary(
        required=True, help="Debit less credit of the item, in company currency."
    )
    old_shares = fields.Json(
        help="The shares of branches before, as {id of the branch: percent}."
    )
    new_shares = fields.Json(
        help="The shares of branches after, as {id of the branch: percent}."
    )
    old_branches = fields.Char(string="Before", help="The branches before.")
    new_branches = fields.Char(string="After", help="The branches after.")
    reason = fields.Text(required=True, help="Why it was corrected.")

    def _tell(self):
        """Post what was corrected in the chatter of each entry."""
        for move, corrections in self.grouped("move_id").items():
            rows = Markup().join(
                Markup("<li>%s (%s): %s → %s</li>")
                % (x.item, x.account_id.display_name, x.old_branches, x.new_branches)
                for x in corrections
            )
            head = self.env._("Branch corrected: %s", corrections[0].reason)
            move.message_post(body=Markup("<p>%s</p><ul>%s</ul>") % (head, rows))


class AccountMoveLine(models.Model):
    """The branch of a posted item is corrected, with a reason, by a controller."""

    _inherit = "account.move.line"

    @api.private
    def correct_branches(self, shares, reason):
        """Give posted items other branches, and keep who did so and why.

        Costs of goods follow the invoice line they belong to.

        :param shares: {branch: percent}, 100 together; items of the balance sheet take
            one branch only
        :param reason: why, in a sentence
        :return: the corrections that were made; items that are right already have none
        :raises AccessError: the user is no finance controller
        :raises UserError: an item cannot be corrected, or the shares do not add up
        """
        if not self.env.user.has_group(CONTROLLER):
            raise AccessError(
                self.env._(
                    "Only finance controllers correct the branch of posted items."
                )
            )
        self.check_access("write")
        self._ensure_shares(shares, reason)
        self.lock_for_update()
        for line in self:
            line._ensure_correctable(shares, self)
        values = []
        for line in self | self._cost_items():
            part = shares if line._takes(shares) else None
            if part and line._branch_shares() != _by_id(part):
                values.append(line._apply_correction(part, reason.strip()))
        corrections = self.env["distribution.branch.correction"]._record_evidence(
            values
        )
        corrections._tell()
        return corrections

    def _cost_items(self):
        """The costs of goods of these invoice lines."""
        items = self.search([("cogs_origin_id", "in", self.ids)])
        return items.filtered(lambda line: line.parent_state == "posted")

    def _takes(self, shares):
        """Whether the item can have these shares: one of the balance sheet has a branch."""
        self.ensure_one()
        return is_result(self.account_id) or len(shares) == 1

    def _branch_shares(self):
        """{id of a branch: percent} as the item is posted."""
        self.ensure_one()
        branches = self.env["distribution.branch"]._analytic_map()
        part = branch_part(self.analytic_distribution, branches)
        if part:
            return {branches[account][0]: percent for account, percent in part.items()}
        return {self.branch_id.id: 100.0} if self.branch_id else {}

    def _ensure_shares(self, shares, reason):
        if not self or not shares:
            raise UserError(self.env._("Choose the items, and the branch they are of."))
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why the branch is corrected: the reason is kept.")
            )
        total = sum(shares.values())
        if min(shares.values()) <= 0 or abs(total - 100.0) > 0.005:
            raise UserError(
                self.env._(
                    "The shares of the branches add up to %(total).2f %%. They have to be "
                    "positive, and 100 %% together.",
                    total=total,
                )
            )

    def _ensure_correctable(self, shares, together):
        """Refuse an item that is no posted one of an open period.

        :param together: the items that are corrected in the same go
        :raises UserError: naming the item and what to do instead
        """
        self.ensure_one()
        move, problem = self.move_id, None
        if self.parent_state != "posted" or self.display_type in SILENT:
            problem = self.env._(
                "It is not posted: its branch is changed there directly."
            )
        elif move.interbranch_kind:
            problem = self.env._(
                "Entries between branches follow the transfers: correct the transfer, the "
                "return or the bill that is behind them."
            )
        elif any(branch.company_id != self.company_id for branch in shares):
            problem = self.env._(
                "It is of company %s, so its branch has to be one of that company.",
                self.company_id.name,
            )
        elif not self._takes(shares):
            problem = self.env._(
                "Items of the balance sheet are of one branch: only sales and costs are "
                "shared."
            )
        elif self.cogs_origin_id and self.cogs_origin_id not in together:
            problem = self.env._(
                "It is the cost of an invoice line: correct that line, and its cost follows."
            )
        elif locks := move._get_violated_lock_dates(move.date, False):
            problem = self.env._(
                "Its period is closed by %s. Have the month opened again under Month "
                "Close first.",
                self.env["res.company"]._format_lock_dates(locks),
            )
        if problem:
            raise UserError(
                self.env._(
                    "The branch of %(item)s cannot be corrected. %(problem)s",
                    item=self.display_name,
                    problem=problem,
                )
            )

    def _apply_correction(self, shares, reason):
        """Write the shares; returns the values of the correction."""
        self.ensure_one()
        Branch = self.env["distribution.branch"]
        accounts, before = Branch._analytic_ids(), self._branch_shares()
        line, one = keeping(self), len(shares) == 1
        branch = next(iter(shares)) if one else Branch
        if is_result(self.account_id):
            line._spread_over({accounts[b.id]: pct for b, pct in shares.items()})
        line.write(
            {
                "own_branch_id": branch.id,
                "branch_id": branch.id,
                "branch_split": not one,
            }
        )
        _logger.info(
            "%s: branch of item %s corrected by %s",
            self.move_name,
            self.id,
            self.env.uid,
        )
        return {
            "company_id": self.company_id.id,
            "date": fields.Datetime.now(),
            "user_id": self.env.uid,
            "line_id": self.id,
            "move_id": self.move_id.id,
            "entry": self.move_id.name,
            "item": self.name or self.account_id.display_name,
            "accounting_date": self.date,
            "account_id": self.account_id.id,
            "balance": self.balance,
            "old_shares": before,
            "new_shares": _by_id(shares),
            "old_branches": self._shares_text(before),
            "new_branches": self._shares_text(_by_id(shares)),
            "reason": reason,
        }

    def _shares_text(self, shares):
        """Shares as people read them."""
        if not shares:
            return self.env._("No branch")
        # As superuser: whoever reads the entry reads the name of its branch.
        branches = self.env["distribution.branch"].sudo().browse(shares)
        if len(shares) == 1:
            return branches.name
        return ", ".join(
            f"{branch.name} {shares[branch.id]:g} %" for branch in branches
        )


def _by_id(shares):
    return {branch.id: percent for branch, percent in shares.items()}
