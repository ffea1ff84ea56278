import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .account_account import is_result
from .distributions import branch_part, with_branches
from .keys import is_keeping, keeping

_logger = logging.getLogger(__name__)


class AccountAccount(models.Model):
    _inherit = "account.account"

    distribution_key_id = fields.Many2one(
        "distribution.key",
        company_dependent=True,
        check_company=True,
        help="Proposed for every line on this account that no order is behind: its costs "
        "are spread over the branches by the key. For accounts of income and expenses.",
    )


class AccountJournal(models.Model):
    _inherit = "account.journal"

    distribution_key_id = fields.Many2one(
        "distribution.key",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Proposed for income and expenses of this journal whose account has no "
        "distribution key of its own.",
    )


class AccountMoveLine(models.Model):
    """An item that is shared by branches as a distribution key says."""

    _inherit = "account.move.line"

    distribution_key_id = fields.Many2one(
        "distribution.key",
        compute="_compute_distribution_key_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Spreads the amount over the branches when the entry is posted, by the "
        "percentages that are valid on its date. Leave it empty to choose the branch "
        "yourself.",
    )
    distribution_version_id = fields.Many2one(
        "distribution.key.version",
        string="Version of Distribution Key",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The percentages that the amount was spread by.",
    )

    @api.depends("account_id")
    def _compute_distribution_key_id(self):
        for line in self:
            if line.parent_state == "posted":
                line.distribution_key_id = line.distribution_key_id
            else:
                line.distribution_key_id = line._proposed_key()

    def _proposed_key(self):
        """The key of the account or the journal, for what no order or system is behind."""
        self.ensure_one()
        none = self.env["distribution.key"]
        shared = is_result(self.account_id) and self.display_type == "product"
        if not shared or self.own_branch_id or self.move_id.interbranch_kind:
            return none
        if self.purchase_line_id or self.sale_line_ids:
            return none
        account = self.account_id.with_company(
            self.company_id or self.move_id.company_id
        )
        journal = self.move_id.journal_id
        # As superuser: the key applies whoever makes the entry.
        key = account.sudo().distribution_key_id or journal.sudo().distribution_key_id
        return none.browse(key.id) if key.active else none

    @api.constrains("distribution_key_id", "account_id")
    def _check_distribution_key(self):
        for line in self:
            if line.distribution_key_id and not is_result(line.account_id):
                raise ValidationError(
                    self.env._(
                        "%(account)s is an account of the balance sheet. Distribution key "
                        "%(key)s spreads income and expenses only.",
                        account=line.account_id.display_name,
                        # As superuser: it may be the key of the account.
                        key=line.sudo().distribution_key_id.name,
                    )
                )

    @api.onchange("distribution_key_id")
    def _onchange_distribution_key_id(self):
        """Show what the branches will bear."""
        self._show_shares()

    @api.model_create_multi
    def create(self, vals_list):
        if not is_keeping(self) and any(
            x.get("distribution_version_id") for x in vals_list
        ):
            raise self._fixed_key_error()
        return super().create(vals_list)

    def write(self, vals):
        if is_keeping(self):
            return super().write(vals)
        if "distribution_version_id" in vals:
            raise self._fixed_key_error()
        if "distribution_key_id" not in vals:
            return super().write(vals)
        key = vals["distribution_key_id"] or False
        changed = self.filtered(lambda line: line.distribution_key_id.id != key)
        if any(line.parent_state == "posted" for line in changed):
            raise changed._fixed_key_error()
        result = super().write(vals)
        if "analytic_distribution" not in vals:
            changed._show_shares()
        return result

    def _fixed_key_error(self):
        return UserError(
            self.env._(
                "%s is posted, so its distribution key stays. A controller spreads posted "
                "items under Distribute by Key, and whole months under Distribute Again.",
                self[:1].display_name or self.env._("The item"),
            )
        )

    def _show_shares(self):
        """Spread drafts by their keys, as far as the keys have versions."""
        versions = self._key_versions()
        for line in self:
            if line in versions:
                line._spread_over(versions[line]._analytic_part())
            elif not line.distribution_key_id and len(line._named_branches()) > 1:
                line._name_branch(line._source_branch())

    # Posting.

    def _named_elsewhere(self):
        return bool(self.distribution_key_id) or super()._named_elsewhere()

    def _complete_branches(self):
        """What has a key is spread by it before it is posted."""
        drafts = self.filtered(lambda line: line.parent_state != "posted")
        stale = drafts.filtered("distribution_version_id") - drafts.filtered(
            "distribution_key_id"
        )
        if stale:
            keeping(stale).distribution_version_id = False
        shared = drafts.filtered("distribution_key_id")
        if not shared:
            return super()._complete_branches()
        moves = self.move_id
        shared._spread_by_keys()
        # Taxes that follow the shares of what they are on are made anew.
        lines = self.exists() | moves.line_ids
        return super(AccountMoveLine, lines)._complete_branches()

    def _spread_by_keys(self):
        versions = self._key_versions(make=True)
        for version, lines in self.grouped(versions.get).items():
            part = version._analytic_part()
            for line in lines:
                line._spread_over(part)
            # By the key: nobody else says by which version an item is spread.
            keeping(lines).distribution_version_id = version.id

    def _key_date(self):
        """The day whose version counts: that of the entry, or of what it reverses."""
        self.ensure_one()
        move = self.move_id.reversed_entry_id or self.move_id
        return move.date or fields.Date.context_today(self)

    def _key_versions(self, make=False):
        """{item: version of its key}; items without a version are left out.

        :param make: compute a first version where the basis of the key allows it
        :raises UserError: with `make`, there is no version and none can be made
        """
        found = {}
        for line in self.filtered("distribution_key_id"):
            # As superuser: keys apply to all branches, whoever posts.
            key = line.sudo().distribution_key_id
            day = line._key_date()
            version = key._version_on(day)
            if make and not version:
                if key.basis == "fixed":
                    raise key._no_shares_error(day)
                version = key._recompute_version(fields.Date.start_of(day, "month"))
            if version:
                found[line] = version
        return found

    # Posted items.

    def distribute_by_key(self, key_id):
        """Spread items by a distribution key: those of drafts when they are posted, posted
        ones that have no branch, or were spread by a key, at once.

        :param key_id: id of the key
        :return: id of the record of it; False where no posted item changed
        :raises UserError: an item is of the balance sheet, has a branch of its own or is
            in a closed period
        """
        key = self.env["distribution.key"].browse(key_id)
        key.check_access("write")
        self.check_access("write")
        key.lock_for_update()
        posted = self.filtered(lambda line: line.parent_state == "posted")
        for line in self:
            line._ensure_may_distribute(key)
        posted._ensure_open_periods()
        # By the key: the branch of what is posted is written by this code only.
        keeping(self).write({"distribution_key_id": key.id})
        (self - posted)._show_shares()
        return posted._respread(key, "items").id

    def _ensure_may_distribute(self, key):
        self.ensure_one()
        if not is_result(self.account_id):
            raise UserError(
                self.env._(
                    "%(item)s is on %(account)s, an account of the balance sheet: only "
                    "income and expenses are spread by %(key)s.",
                    item=self.display_name,
                    account=self.account_id.display_name,
                    key=key.name,
                )
            )
        fixed = self.parent_state == "posted" and not self.distribution_key_id
        if self.move_id.interbranch_kind or (
            fixed and (self.branch_id or self.branch_split)
        ):
            raise UserError(
                self.env._(
                    "%(item)s has a branch. Posted items are spread by %(key)s if they "
                    "are unassigned or have a key; for others there is Correct Branch.",
                    item=self.display_name,
                    key=key.name,
                )
            )

    def _ensure_open_periods(self):
        """Refuse items of a period that is closed.

        :raises UserError: names the entry, and the lock date
        """
        for journal, lines in self.grouped("journal_id").items():
            first = min(lines, key=lambda line: line.date)
            first.distribution_key_id._ensure_open(
                first.date, journal, first.move_id.display_name, first.company_id
            )

    def _respread(self, key, kind, month=False):
        """Bring posted items to the shares of today, and keep a record of it.

        :return: the record; none where all was so already
        """
        Branch = self.env["distribution.branch"]
        branches = Branch._analytic_map()
        groups, before = {}, {}
        for line, version in self._key_versions(make=True).items():
            now, part = line.analytic_distribution, version._analytic_part()
            same = branch_part(now, branches) == part and line.branch_split == (
                len(part) > 1
            )
            if line.distribution_version_id == version and same:
                continue
            before[line.id] = [line.distribution_version_id.id, now]
            new = with_branches(now, part, branches)
            group = groups.setdefault((version, repr(new)), (new, []))
            group[1].append(line.id)
        for (version, _new), (new, ids) in groups.items():
            named = Branch.browse([branches[x][0] for x in version._analytic_part()])
            # By the key, and without what keeps taxes and terms in step: no amount changes.
            lines = keeping(self.browse(ids)).with_context(
                skip_invoice_sync=True, check_move_validity=False, tracking_disable=True
            )
            lines.write(
                {
                    "analytic_distribution": new,
                    "branch_id": named.id if len(named) == 1 else False,
                    "branch_split": len(named) > 1,
                    "distribution_version_id": version.id,
                }
            )
        return self.browse(list(before))._record_run(key, kind, month, before)

    def _record_run(self, key, kind, month, before):
        Run = self.env["distribution.key.run"]
        if not self:
            return Run
        versions = self.distribution_version_id.sorted("date_from")
        _logger.info("%s: %d items distributed by %s", kind, len(self), key.name)
        return Run._record_evidence(
            [
                {
                    "key_id": key.id,
                    "company_id": key.company_id.id,
                    "user_id": self.env.uid,
                    "kind": kind,
                    "month": month,
                    "version_id": versions[-1:].id,
                    "item_count": len(self),
                    "amount": sum(self.mapped("balance")),
                    "items": before,
                }
            ]
        )

    def _apply_correction(self, shares, reason):
        """An item whose branch is corrected is no longer spread by its key."""
        values = super()._apply_correction(shares, reason)
        if self.distribution_key_id:
            keeping(self).write(
                {"distribution_key_id": False, "distribution_version_id": False}
            )
        return values

    # Cents.

    def _prepare_analytic_lines(self):
        """Amounts of branches add up to that of the item, to the cent.

        Odoo leaves out shares below half a cent, and moves what rounding leaves over to
        any plan.
        """
        values = super()._prepare_analytic_lines()
        branches = self.env["distribution.branch"]._analytic_map()
        part = branch_part(self.analytic_distribution, branches)
        if not part or abs(sum(part.values()) - 100.0) > 0.005:
            return values
        column = self.env["account.analytic.plan"]._branch_column()
        of_branches = [line for line in values if line.get(column)]
        missing = self.company_currency_id.round(
            -self.balance - sum(line["amount"] for line in of_branches)
        )
        if self.company_currency_id.is_zero(missing):
            return values
        if of_branches:
            largest = max(of_branches, key=lambda line: abs(line["amount"]))
            largest["amount"] += missing
        else:
            account = max(part, key=part.get)
            values.append(
                self._prepare_analytic_distribution_line(100.0, str(account), {})
            )
        return values
