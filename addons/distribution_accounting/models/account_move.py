import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from .account_account import is_result
from .distributions import branch_part
from .keys import is_keeping, keeping

_logger = logging.getLogger(__name__)
KINDS = [
    ("price", "Transfer price"),
    ("freight", "Freight of transfers"),
    ("deferral", "Mark-up in stock"),
]


class AccountMove(models.Model):
    """A document whose items all have a branch once it is posted."""

    _inherit = "account.move"

    branch_proposed = fields.Boolean(
        compute="_compute_branch_id",
        store=True,
        copy=True,
        help="The branch of this entry is a proposal: that of the journal, or of whoever "
        "makes it. It has to be confirmed before the entry can be posted.",
    )
    interbranch_kind = fields.Selection(
        KINDS,
        string="Between Branches",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What the entry posts between branches. Such entries follow what happens to "
        "the goods and to the bills: they are made and corrected by the system alone.",
    )
    interbranch_lane_id = fields.Many2one(
        "distribution.lane",
        string="Along Lane",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The lane that the goods travelled, of entries between branches.",
    )
    unassigned_count = fields.Integer(
        string="Items Without Branch",
        compute="_compute_unassigned_count",
        help="Items of sales and costs that name no branch.",
    )

    @api.depends("line_ids.own_branch_id")
    def _compute_branch_id(self):
        result = super()._compute_branch_id()
        for move in self:
            proposed = move.branch_proposed
            own = move.line_ids.own_branch_id
            if len(own) == 1 and not move.branch_id:
                move.branch_id = own
            elif not move.branch_id or move._follows_default():
                default = move.journal_id.branch_id or move.branch_id
                proposed = bool(
                    move.move_type == "entry" and default and not move._is_by_system()
                )
                move.branch_id = default
            move.branch_proposed = proposed
        return result

    def _follows_default(self):
        """Whether the branch is no more than that of whoever makes the document."""
        self.ensure_one()
        lines = self.line_ids
        return (
            self.move_type == "entry"
            and not self._origin.branch_id
            and not lines.own_branch_id
            and not lines.sale_line_ids
            and not lines.purchase_line_id
        )

    def _is_by_system(self):
        self.ensure_one()
        return bool(
            self.interbranch_kind or self.origin_payment_id or self.stock_move_ids
        )

    @api.depends("line_ids.branch_id", "line_ids.branch_split", "line_ids.account_id")
    def _compute_unassigned_count(self):
        for move in self:
            move.unassigned_count = len(move.line_ids._without_branch())

    @api.onchange("branch_id")
    def _onchange_branch_id(self):
        """Lines of one branch follow the branch of their document, if no order says so."""
        self.branch_proposed = False
        self._follow_branch(self.invoice_line_ids | self.line_ids)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if self._interbranch_fields() & set(vals) and not is_keeping(self):
                raise self._interbranch_error()
        return super().create(vals_list)

    def write(self, vals):
        old = {}
        if "branch_id" in vals:
            # Choosing a branch ends the proposal, whatever the form says of it.
            vals = {key: x for key, x in vals.items() if key != "branch_proposed"}
            old = {move: move.branch_id for move in self if move.state == "draft"}
        self._ensure_may_write(vals)
        if old:
            vals["branch_proposed"] = False
        result = super().write(vals)
        for move, branch in old.items():
            if move.branch_id != branch:
                move._follow_branch(move.line_ids, branch)
        return result

    def _follow_branch(self, lines, branch=None):
        """Move lines from `branch` (from any one, without it) to that of the document."""
        for line in lines:
            if not line._order_branch() and is_result(line.account_id):
                now = line._named_branches()
                if not now or (len(now) == 1 and (branch is None or now == branch)):
                    line._name_branch(line.own_branch_id or line.move_id.branch_id)

    def _ensure_may_write(self, vals):
        """What is posted keeps its branch, and entries between branches are kept as is."""
        if is_keeping(self):
            return
        if {*self._interbranch_fields(), "branch_proposed"} & set(vals):
            raise self._interbranch_error()
        if vals.get("state") in ("draft", "cancel") and self.filtered(
            "interbranch_kind"
        ):
            raise self._interbranch_error()
        if "branch_id" in vals and not self.env.su:
            for move in self:
                if move.state == "posted" and move.branch_id.id != vals["branch_id"]:
                    raise UserError(
                        self.env._(
                            "%s is posted, so its branch stays. A controller corrects the "
                            "branch of its items under Correct Branch.",
                            move.display_name,
                        )
                    )

    def _interbranch_fields(self):
        """The fields that say that an entry is between branches, and for what."""
        return {"interbranch_kind", "interbranch_lane_id"}

    def _interbranch_error(self):
        return UserError(
            self.env._(
                "Entries between branches follow the transfers: they are made, corrected "
                "and taken back by the system alone. Correct the transfer, the return or "
                "the bill that is behind them."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_interbranch(self):
        if not is_keeping(self) and self.filtered("interbranch_kind"):
            raise self._interbranch_error()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        if not is_keeping(self) and self.filtered("interbranch_kind"):
            raise self._interbranch_error()
        return super()._reverse_moves(default_values_list, cancel)

    # Posting.

    def action_confirm_branch(self):
        """Say that the proposed branch is right."""
        self.check_access("write")
        keeping(self).write({"branch_proposed": False})
        return True

    def action_post(self):
        for move in self:
            if move.branch_proposed and move.line_ids.filtered(
                lambda line: is_result(line.account_id) and not line._named_elsewhere()
            ):
                raise UserError(
                    self.env._(
                        "%(entry)s would be posted to branch %(branch)s, which is a "
                        "proposal. Press Confirm Branch, or choose another branch.",
                        entry=move.display_name,
                        branch=move.branch_id.display_name,
                    )
                )
        return super().action_post()

    def _post(self, soft=True):
        self.line_ids._complete_branches()
        self._ensure_branches()
        return super()._post(soft)

    def _ensure_branches(self):
        """Refuse what cannot be posted.

        :raises UserError: an item is of a branch of another company or only in part of
            branches, uses an account between branches by hand, or has no branch where the
            company wants one
        """
        branches = self.env["distribution.branch"]._analytic_map()
        for company, moves in self.grouped("company_id").items():
            reserved = company._interbranch_accounts()
            lines = moves.line_ids
            for line in lines:
                line._ensure_branch_part(branches)
                if line.account_id in reserved and not line.move_id.interbranch_kind:
                    raise UserError(
                        self.env._(
                            "%(account)s is kept by the system for entries between "
                            "branches: nothing is posted to it by hand (%(entry)s).",
                            account=line.account_id.display_name,
                            entry=line.move_id.display_name,
                        )
                    )
            missing = lines._without_branch().filtered(
                lambda line: not line.move_id.interbranch_kind
            )
            if missing and company.branch_required:
                raise UserError(
                    self.env._(
                        "%(entry)s cannot be posted: these items have no branch.\n"
                        "%(items)s\nChoose the branch of the document, or of each line in "
                        "its analytic distribution.",
                        entry=missing[0].move_id.display_name,
                        items="\n".join(
                            f"{line.account_id.display_name}: {line.name or ''}"
                            for line in missing[:10]
                        ),
                    )
                )
            for move in missing.move_id:
                _logger.info("%s: posted with items without branch", move.display_name)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _ensure_branch_part(self, branches):
        """Refuse shares that do not add up, and branches of another company."""
        self.ensure_one()
        part = branch_part(self.analytic_distribution, branches)
        if not part:
            return
        if any(branches[account][1] != self.company_id.id for account in part):
            raise UserError(
                self.env._(
                    "%(item)s of %(entry)s names a branch of another company than "
                    "%(company)s.",
                    item=self.name or self.account_id.display_name,
                    entry=self.move_id.display_name,
                    company=self.company_id.name,
                )
            )
        total = sum(part.values())
        if abs(total - 100.0) > 0.005:
            raise UserError(
                self.env._(
                    "%(item)s of %(entry)s is spread over branches to %(total).2f %%. The "
                    "shares of the branches have to add up to 100 %%.",
                    item=self.name or self.account_id.display_name,
                    entry=self.move_id.display_name,
                    total=total,
                )
            )
