from odoo import fields, models
from odoo.exceptions import UserError


class DistributionKeyRun(models.Model):
    """What was spread again, by whom and by which version. Written by the system."""

    _name = "distribution.key.run"
    _description = "Run of a Distribution Key"
    _inherit = ["distribution.evidence.mixin"]
    _order = "id desc"
    _check_company_auto = True

    key_id = fields.Many2one(
        "distribution.key",
        required=True,
        index=True,
        ondelete="restrict",
        help="The distribution key.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, help="The company of the key."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Done By",
        required=True,
        ondelete="restrict",
        help="Who distributed.",
    )
    create_date = fields.Datetime(string="Done On", help="When it was done.")
    kind = fields.Selection(
        [("month", "Month again"), ("items", "Chosen items")],
        string="What",
        required=True,
        help="Whether all items of a month were spread again, or items that were chosen.",
    )
    month = fields.Date(
        help="The first day of the month that was distributed again; empty for chosen items."
    )
    version_id = fields.Many2one(
        "distribution.key.version",
        string="Version",
        ondelete="restrict",
        help="The version that the items were spread by; the latest, where there are "
        "several.",
    )
    item_count = fields.Integer(
        string="Items", help="Journal items whose shares changed."
    )
    amount = fields.Monetary(
        help="Costs less income of these items, in company currency. It is the same before "
        "and after: only its shares change."
    )
    items = fields.Json(
        string="Before",
        help="For each item, its version and its distribution before.",
    )

    def action_view_items(self):
        """Open the items that were spread.

        :return: action
        """
        self.ensure_one()
        action = self.key_id.action_view_items()
        action["domain"] = [("id", "in", [int(number) for number in self.items or {}])]
        return action


class DistributionKey(models.Model):
    """Distributing the items of a month again."""

    _inherit = "distribution.key"

    run_ids = fields.One2many(
        "distribution.key.run",
        "key_id",
        string="Runs",
        groups="distribution_base.group_finance_controller,"
        "distribution_base.group_auditor",
        help="When months or items were distributed again.",
    )

    def action_distribute_again(self):
        """Open the form that shows the shares of a month, and spreads its items by them.

        :return: action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_accounting.distribution_key_distribute_action"
        )
        action["context"] = {"default_key_id": self.id}
        return action

    def distribute_again(self, month):
        """Compute the shares of a month anew, and spread its posted items by them.

        Nothing changes where all is so already. Reversals follow what they reverse.

        :param month: a day of the month
        :return: id of the record of it; False where nothing changed
        :raises UserError: the month is closed, or no branch has a share
        """
        self.ensure_one()
        self.check_access("write")
        start = fields.Date.start_of(fields.Date.to_date(month), "month")
        self.lock_for_update()
        self._ensure_open(start)
        items = self._items_of(start)
        items._ensure_open_periods()
        if self.basis != "fixed":
            self._recompute_version(start)
        return items._respread(self, "month", start).id

    def _items_of(self, start):
        """The posted items whose shares are those of a month."""
        self.ensure_one()
        period = [
            ("date", ">=", start),
            ("date", "<=", fields.Date.end_of(start, "month")),
        ]
        entries = [
            (f"move_id.{field}", operator, day) for field, operator, day in period
        ]
        origin = [
            (f"move_id.reversed_entry_id.{field}", operator, day)
            for field, operator, day in period
        ]
        # As superuser: a key is of all branches; the caller checks who may distribute.
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("distribution_key_id", "=", self.id),
                    ("parent_state", "=", "posted"),
                    "|",
                    "&",
                    ("move_id.reversed_entry_id", "=", False),
                    "&",
                    *entries,
                    "&",
                    *origin,
                ]
            )
        )

    def _ensure_open(self, day, journal=None, what=None, company=None):
        """Refuse to change shares in a closed period.

        :raises UserError: names what is refused, and the lock date
        """
        company = (company or self.company_id).ensure_one()
        journal = journal or self.env["account.journal"]
        locks = company._get_violated_lock_dates(day, False, journal)
        if locks:
            raise UserError(
                self.env._(
                    "%(what)s is in a closed period, so the shares of its costs stay: "
                    "%(locks)s. Re-open the period first.",
                    what=what or fields.Date.to_string(day),
                    locks=company._format_lock_dates(locks),
                )
            )
