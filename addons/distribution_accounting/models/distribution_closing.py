import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .keys import is_keeping, keeping

_logger = logging.getLogger(__name__)
CONTROLLER = "distribution_base.group_finance_controller"
OPEN = ("open", "reopened")
# What is kept by the code alone.
KEPT = {
    *("state", "name", "date_from", "date_to", "company_id", "closed_by_id"),
    *("closed_on", "checked_on", "valuation_on", "reopen_user_id"),
}


class DistributionClosing(models.Model):
    """The close of a month: what has to be right before its books are locked.

    Its items compute themselves, see `distribution_closing_checks.py`. Closing locks the
    books up to the last day of the month; opening again needs a second person, see
    `distribution_closing_approval.py`.
    """

    _name = "distribution.closing"
    _description = "Month Close"
    _inherit = ["distribution.approval.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _mail_post_access = "read"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name", store=True, string="Month", help="The month it is of."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="First Day",
        required=True,
        default=lambda self: self._default_date_from(),
        help="The first day of the month; any day of it will do.",
    )
    date_to = fields.Date(
        string="Last Day",
        compute="_compute_date_to",
        store=True,
        help="The last day of the month: up to it the books are locked.",
    )
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed"), ("reopened", "Opened again")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        help="A closed month takes no more entries.",
    )
    item_ids = fields.One2many(
        "distribution.closing.item", "closing_id", string="Check List", readonly=True
    )
    open_count = fields.Integer(
        string="Open Items",
        compute="_compute_progress",
        help="Items that are neither right nor explained.",
    )
    progress = fields.Float(
        compute="_compute_progress",
        help="Percent of the items that are right or explained.",
    )
    checked_on = fields.Datetime(
        readonly=True, copy=False, help="When the items were last computed."
    )
    closed_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, help="Who closed the month."
    )
    closed_on = fields.Datetime(
        readonly=True, copy=False, help="When the month was closed."
    )
    valuation_on = fields.Datetime(
        string="Stock Valued On",
        readonly=True,
        copy=False,
        help="When the valuation of the stock at the last day was last posted, or found "
        "to be posted already.",
    )

    _month_unique = models.Constraint(
        "UNIQUE (company_id, date_from)",
        "There is a month close of that month already.",
    )

    # Defaults and computes.

    def _default_date_from(self):
        """The month after the last one; the current one where there is none."""
        last = self.search([("company_id", "=", self.env.company.id)], limit=1)
        today = fields.Date.context_today(self)
        day = last.date_from + relativedelta(months=1) if last else today
        return fields.Date.start_of(day, "month")

    @api.depends("date_from")
    def _compute_date_to(self):
        for closing in self:
            day = closing.date_from
            closing.date_to = day and fields.Date.end_of(day, "month")

    @api.depends("date_from")
    def _compute_name(self):
        for closing in self:
            day = closing.date_from
            closing.name = day and format_date(self.env, day, date_format="MMMM yyyy")

    @api.depends("item_ids.state")
    def _compute_progress(self):
        # As superuser: a branch manager sees how far the company is.
        groups = (
            self.env["distribution.closing.item"]
            .sudo()
            ._read_group(
                [("closing_id", "in", self.ids)], ["closing_id", "state"], ["__count"]
            )
        )
        counts = {}
        for closing, state, count in groups:
            counts.setdefault(closing.id, {})[state] = count
        for closing in self:
            states = counts.get(closing.id, {})
            total = sum(states.values())
            closing.open_count = states.get("open", 0)
            done = total - closing.open_count
            closing.progress = 100.0 * done / total if total else 0.0

    # CRUD.

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if (
                not self.env.su
                and not is_keeping(self)
                and KEPT & (set(vals) - {"date_from", "company_id"})
            ):
                raise self._kept_error()
            if vals.get("date_from"):
                day = fields.Date.to_date(vals["date_from"])
                vals["date_from"] = fields.Date.start_of(day, "month")
        closings = super().create(vals_list)
        for closing in closings:
            closing._refresh()
        return closings

    def write(self, vals):
        if KEPT & set(vals) and not is_keeping(self):
            raise self._kept_error()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        for closing in self:
            if closing.closed_on:
                raise UserError(
                    self.env._(
                        "%s was closed once, so its record is kept.", closing.name
                    )
                )

    def _kept_error(self):
        return UserError(
            self.env._(
                "A month close is kept by the system: use Close the Month and Open Again."
            )
        )

    # The check list.

    def action_refresh(self):
        """Compute the items of open months anew."""
        self._ensure_controller()
        for closing in self:
            if closing.state not in OPEN:
                raise UserError(
                    self.env._("%s is closed: its check list stands.", closing.name)
                )
            closing._refresh()
        return True

    def _refresh(self):
        """Compute the items, in a number of queries that no data changes.

        An explanation holds as long as the figure that it explains.
        """
        self.ensure_one()
        # As superuser: a month is closed for all branches, whoever looks.
        closing = keeping(self.sudo())
        wanted = closing._closing_figures()
        items = {(x.code, x.branch_id.id): x for x in closing.item_ids}
        stale = [item.id for key, item in items.items() if key not in wanted]
        closing.item_ids.browse(stale).unlink()
        missing = []
        for key, values in wanted.items():
            if key in items:
                items[key]._update(values)
            else:
                missing.append({"closing_id": closing.id, **values})
        closing.item_ids.create(missing)
        closing.checked_on = fields.Datetime.now()
        closing.invalidate_recordset(["open_count", "progress"])

    def action_view_items(self):
        """The items in a list of their own, by branch."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_accounting.distribution_closing_item_action"
        )
        action["domain"] = [("closing_id", "=", self.id)]
        action["context"] = {"search_default_group_branch": 1, "of_month": True}
        action["name"] = self.name
        return action

    # Closing.

    def action_close(self):
        """Lock the books up to the last day, if every item is right or explained.

        :raises AccessError: the user is no finance controller
        :raises UserError: an item is open, the month is not over, or one before it is open
        """
        self._ensure_controller()
        for closing in self.sorted("date_from"):
            closing.lock_for_update()
            if closing.state not in OPEN:
                raise UserError(self.env._("%s is closed already.", closing.name))
            closing._ensure_in_order()
            closing._refresh()
            closing._ensure_done()
            keeping(closing).write(
                {
                    "state": "closed",
                    "closed_by_id": self.env.uid,
                    "closed_on": fields.Datetime.now(),
                    "reopen_user_id": False,
                    "reopen_reason": False,
                }
            )
            closing._lock_books()
            _logger.info("%s of %s closed", closing.name, closing.company_id.name)
        return True

    def _ensure_controller(self):
        if not self.env.user.has_group(CONTROLLER):
            raise AccessError(
                self.env._("Only finance controllers close a month or open it again.")
            )
        self.check_access("write")

    def _ensure_in_order(self):
        """Months are closed one after the other, when they are over.

        :raises UserError: naming the month that comes first
        """
        self.ensure_one()
        if self.date_to >= fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "%(month)s is not over: it can be closed after %(day)s.",
                    month=self.name,
                    day=format_date(self.env, self.date_to),
                )
            )
        before = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", "<", self.date_from),
                ("state", "in", OPEN),
            ],
            order="date_from",
            limit=1,
        )
        if before:
            raise UserError(
                self.env._(
                    "Close %(before)s before %(month)s: months are closed in order.",
                    before=before.name,
                    month=self.name,
                )
            )

    def _ensure_done(self):
        """Refuse a month with open items.

        :raises UserError: naming them
        """
        # As superuser: all items count.
        items = self.sudo().item_ids.filtered(lambda item: item.state == "open")
        if items:
            raise UserError(
                self.env._(
                    "%(month)s cannot be closed: these items are open.\n%(items)s",
                    month=self.name,
                    items="\n".join(f"- {item.display_name}" for item in items[:20]),
                )
            )

    def _lock_books(self):
        """Lock the books up to the last day; a later lock stays.

        Exceptions that were given to somebody end with it.
        """
        self.ensure_one()
        # As superuser: companies are written by administrators, months by controllers.
        company = self.company_id.sudo()
        exceptions = company.env["account.lock_exception"]
        exceptions.search(
            exceptions._get_active_exceptions_domain(company, ["fiscalyear_lock_date"])
        ).action_revoke()
        if (company.fiscalyear_lock_date or self.date_from) < self.date_to:
            company.fiscalyear_lock_date = self.date_to

    # Jobs.

    @api.model
    def _cron_create_months(self):
        """Have a month close for the current month of each company with branches.

        And one for the month before, if it is not there: it is what is closed now.
        """
        today = fields.Date.context_today(self)
        starts = [
            fields.Date.start_of(today - relativedelta(months=x), "month")
            for x in (1, 0)
        ]
        groups = self.env["distribution.branch"]._read_group([], ["company_id"])
        known = {
            (closing.company_id.id, closing.date_from)
            for closing in self.search([("date_from", "in", starts)])
        }
        self.create(
            [
                {"company_id": company.id, "date_from": start}
                for (company,) in groups
                for start in starts
                if (company.id, start) not in known
            ]
        )
