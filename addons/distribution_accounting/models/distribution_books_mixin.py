from collections import defaultdict

from odoo import Command, fields, models

from .distributions import branch_part
from .keys import keeping


class DistributionBooksMixin(models.AbstractModel):
    """A record that has entries between branches which follow its state.

    What should be booked is worked out from the record as it is now. What is booked
    already is read from its entries, and the difference is posted. So it is booked exactly
    once, however often something is validated, cancelled and validated again.
    """

    _name = "distribution.books.mixin"
    _description = "Kept in the Books of Branches"

    # The field of journal entries that leads to the record.
    _books_field = None

    books_entry_count = fields.Integer(
        string="Entries",
        compute="_compute_books_entry_count",
        groups="account.group_account_readonly,account.group_account_invoice",
        help="Entries between branches that were posted for it.",
    )

    def _compute_books_entry_count(self):
        groups = self.env["account.move"]._read_group(
            [(self._books_field, "in", self.ids)], [self._books_field], ["__count"]
        )
        counts = {record.id: count for record, count in groups}
        for record in self:
            record.books_entry_count = counts.get(record.id, 0)

    def action_view_books(self):
        """Open the entries between branches that were posted for the record."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries: %s", self.display_name),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [(self._books_field, "=", self.id)],
        }

    def _book(self, kind, targets, label):
        """Post what is missing of `targets`.

        :param kind: what is posted, of `interbranch_kind`; entries of other kinds are left
            alone
        :param targets: {record: {(account, category, shares): balance}} of records in
            `self`, where shares are ((branch id, percent), …) and nothing for no branch.
            The balances of a record add up to nothing. Records without targets have
            their entries taken back.
        :param label: what is written on the items
        :return: the entries that were posted
        """
        booked = self._booked(kind)
        entries = []
        for record in self:
            missing = defaultdict(float, targets.get(record, {}))
            for key, balance in booked.get(record.id, {}).items():
                missing[key] -= balance
            lines = record._prepare_book_lines(missing, label)
            if lines:
                entries.append(record._prepare_book_entry(kind, lines, label))
        # As superuser, and by the key: nobody else makes such entries.
        Entry = keeping(self.env["account.move"].sudo())
        if not entries:
            return Entry.browse()
        moves = Entry.create(entries)
        moves._post(soft=False)
        return moves

    def _booked(self, kind):
        """{record id: {(account, category, shares): balance}} of what is posted."""
        # As superuser: the entries are of both branches.
        Item = self.env["account.move.line"].sudo()
        items = Item.search_fetch(
            [
                (f"move_id.{self._books_field}", "in", self.ids),
                ("move_id.interbranch_kind", "=", kind),
                ("parent_state", "=", "posted"),
            ],
            ["account_id", "category_id", "branch_id", "branch_split", "balance"],
        )
        booked = defaultdict(lambda: defaultdict(float))
        for item in items:
            record = item.move_id[self._books_field]
            key = (item.account_id, item.category_id, item._book_shares())
            booked[record.id][key] += item.balance
        return booked

    def _prepare_book_entry(self, kind, lines, label):
        self.ensure_one()
        company = self.company_id
        return {
            "move_type": "entry",
            "journal_id": company._interbranch_journal().id,
            "company_id": company.id,
            "date": fields.Date.context_today(self),
            "ref": f"{label}: {self.display_name}",
            "interbranch_kind": kind,
            self._books_field: self.id,
            "line_ids": lines,
        }

    def _prepare_book_lines(self, missing, label):
        self.ensure_one()
        currency = self.company_id.currency_id
        accounts = self.env["distribution.branch"]._analytic_ids()
        lines = []
        for (account, category, shares), balance in missing.items():
            if currency.is_zero(balance):
                continue
            several = {str(accounts[branch]): part for branch, part in shares}
            lines.append(
                Command.create(
                    {
                        "account_id": account.id,
                        "category_id": category.id,
                        "own_branch_id": shares[0][0] if len(shares) == 1 else False,
                        "analytic_distribution": several if len(shares) > 1 else False,
                        "balance": currency.round(balance),
                        "name": f"{label}: {self.display_name}",
                    }
                )
            )
        return lines


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _book_shares(self):
        """((branch id, percent), …) of an item; nothing where it has no branch."""
        self.ensure_one()
        if not self.branch_split:
            return ((self.branch_id.id, 100.0),) if self.branch_id else ()
        branches = self.env["distribution.branch"]._analytic_map()
        part = branch_part(self.analytic_distribution, branches)
        return tuple(sorted((branches[x][0], share) for x, share in part.items()))
