import calendar
import logging
from datetime import datetime, time, timedelta

import psycopg2
import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .roles import manages

_logger = logging.getLogger(__name__)

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]
# What decides when a pack is opened: after a change only later cut-offs count.
SCHEDULE = {"active", "frequency", "weekday", "month_day", "cut_off_hour", "company_id"}


class DistributionReviewTemplate(models.Model):
    """A review that takes place again and again: when, with whom, about what."""

    _name = "distribution.review.template"
    _description = "Review Template"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: a review for each company that has branches.",
    )
    frequency = fields.Selection(
        [("weekly", "Weekly"), ("monthly", "Monthly")],
        required=True,
        default="weekly",
        help="A weekly review is about the seven days before the day of its cut-off, a "
        "monthly one about the calendar month before.",
    )
    weekday = fields.Selection(
        WEEKDAYS, required=True, default="0", help="The day of a weekly cut-off."
    )
    month_day = fields.Integer(
        string="Day of the Month",
        required=True,
        default=3,
        help="The day of a monthly cut-off; the last day of shorter months.",
    )
    cut_off_hour = fields.Float(
        string="Cut-off",
        required=True,
        default=7.0,
        help="The time of day, in the time zone of the company's working hours, at which "
        "figures are frozen and the agenda is made.",
    )
    starts_at = fields.Datetime(
        string="In Force Since",
        readonly=True,
        copy=False,
        default=fields.Datetime.now,
        help="Only later cut-offs open a review by themselves.",
    )
    next_cut_off = fields.Datetime(
        string="Next Cut-off",
        compute="_compute_next_cut_off",
        help="When the next review opens by itself; of your current company where the "
        "review is for all.",
    )
    chair_id = fields.Many2one(
        "res.users",
        ondelete="restrict",
        domain="[('share', '=', False)]",
        help="Leads the review: changes its participants, and closes it. Network planners, "
        "finance controllers and administrators can do so as well.",
    )
    participant_ids = fields.Many2many(
        "res.users",
        "distribution_review_template_user_rel",
        string="People",
        domain="[('share', '=', False)]",
        help="Who takes part beside those of the roles.",
    )
    role_ids = fields.Many2many(
        "res.groups",
        "distribution_review_template_group_rel",
        string="Roles",
        domain=lambda self: [
            (
                "privilege_id",
                "=",
                self.env.ref("distribution_base.privilege_distribution").id,
            )
        ],
        help="Everybody whose role this is when the review opens takes part.",
    )
    section_ids = fields.One2many(
        "distribution.review.section", "template_id", string="Sections", copy=True
    )
    review_count = fields.Integer(
        string="Reviews", compute="_compute_review_count", help="Held so far."
    )

    _month_day_valid = models.Constraint(
        "CHECK (month_day BETWEEN 1 AND 31)", "A month has days from 1 to 31."
    )
    _hour_valid = models.Constraint(
        "CHECK (cut_off_hour >= 0 AND cut_off_hour < 24)",
        "The time of the cut-off is between 00:00 and 23:59.",
    )

    @api.depends("frequency", "weekday", "month_day", "cut_off_hour", "company_id")
    @api.depends_context("company")
    def _compute_next_cut_off(self):
        now = fields.Datetime.now()
        for template in self:
            company = template.company_id or self.env.company
            template.next_cut_off = template._cut_off(company, now, forward=True)[0]

    def _compute_review_count(self):
        counts = dict(
            self.env["distribution.review"]._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        for template in self:
            template.review_count = counts.get(template, 0)

    def write(self, vals):
        if SCHEDULE & vals.keys():
            vals = {**vals, "starts_at": fields.Datetime.now()}
        return super().write(vals)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for template, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%s (copy)", template.name)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_reviews(self):
        reviews = self.env["distribution.review"].sudo()  # of all companies
        if reviews.search_count([("template_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Reviews of these templates were held, and are kept. Archive the "
                    "templates instead."
                )
            )

    def action_open_current(self):
        """Open the pack of the last cut-off in the current company; the one there is, if any.

        :raise AccessError: where the user does not lead reviews
        :raise UserError: where the template is for another company
        """
        self.ensure_one()
        self._check_may_open()
        company = self.env.company
        if self.company_id and self.company_id != company:
            raise UserError(
                self.env._(
                    "%(template)s is a review of %(company)s: change to that company.",
                    template=self.name,
                    company=self.company_id.name,
                )
            )
        cut_off = self._cut_off(company, fields.Datetime.now())
        Review = self.env["distribution.review"]
        review = Review.search(
            [
                ("template_id", "=", self.id),
                ("company_id", "=", company.id),
                ("period_to", "=", cut_off[2]),
            ]
        )
        review = review or Review._open_pack(self, company, cut_off)
        return review.get_formview_action()

    def action_view_reviews(self):
        """The reviews of the template."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_review.distribution_review_action"
        )
        return {
            **action,
            "domain": [("template_id", "=", self.id)],
            "context": {},
            "path": False,
        }

    def _check_may_open(self):
        self.check_access("read")
        user = self.env.user
        if not (manages(user) or user == self.chair_id):
            raise AccessError(
                self.env._(
                    "A review is opened by its chair, a network planner, a finance "
                    "controller or an administrator."
                )
            )

    # The calendar of a template.

    def _cut_off(self, company, now, forward=False):
        """(moment in UTC, first day, last day) of the last cut-off until `now`.

        :param forward: of the next one after `now` instead
        """
        self.ensure_one()
        zone = pytz.timezone(company.resource_calendar_id.tz or "UTC")
        today = pytz.utc.localize(now).astimezone(zone).date()
        for days in range(63):
            day = today + timedelta(days=days if forward else -days)
            moment = self._moment_on(day, zone)
            if moment and (moment > now) == forward:
                return moment, *self._period_before(day)
        return False, False, False  # pragma: no cover - each month has a cut-off

    def _moment_on(self, day, zone):
        """The cut-off on a day, naive UTC; None where it is no day of a cut-off."""
        if self.frequency == "weekly":
            is_day = day.weekday() == int(self.weekday)
        else:
            last = calendar.monthrange(day.year, day.month)[1]
            is_day = day.day == min(self.month_day, last)
        if not is_day:
            return None
        minutes = round(self.cut_off_hour * 60)
        local = datetime.combine(day, time()) + timedelta(minutes=minutes)
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def _period_before(self, day):
        """(first day, last day) that a review with its cut-off on `day` is about."""
        if self.frequency == "weekly":
            return day - timedelta(days=7), day - timedelta(days=1)
        last = day.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last

    # Opening by the job.

    @api.model
    def _due(self, now):
        """(template, company, cut-off) whose review is not open yet.

        Of cut-offs that were missed, only the last one: figures and exceptions of an
        earlier one cannot be frozen any more.
        """
        Branch = self.env["distribution.branch"]
        with_branches = [
            company for (company,) in Branch._read_group([], ["company_id"])
        ]
        found = []
        for template in self.search([]):  # pylint: disable=no-search-all
            for company in template.company_id or with_branches:
                cut_off = template._cut_off(company, now)
                if cut_off[0] >= template.starts_at:
                    found.append((template, company, cut_off))
        there = self._opened(found)
        return [
            (template, company, cut_off)
            for template, company, cut_off in found
            if (template.id, company.id, cut_off[2]) not in there
        ]

    @api.model
    def _opened(self, found):
        """{(template id, company id, last day)} of the reviews that exist."""
        domain = Domain("period_to", "in", [cut_off[2] for *_, cut_off in found])
        reviews = self.env["distribution.review"].search(domain)
        return {
            (review.template_id.id, review.company_id.id, review.period_to)
            for review in reviews
        }

    @api.model
    def _cron_open(self):
        """Open what is due, each pack in a transaction of its own.

        One that fails leaves the others alone; the job fails afterwards, so that it is
        seen.
        """
        due = self._due(fields.Datetime.now())
        Cron = self.env["ir.cron"]
        Cron._commit_progress(remaining=len(due))
        failure = None
        for template, company, cut_off in due:
            try:
                with self.env.cr.savepoint():
                    self.env["distribution.review"]._open_pack(
                        template, company, cut_off
                    )
            except psycopg2.errors.UniqueViolation:
                _logger.info("Review %s was opened meanwhile", template.name)
            except Exception as error:  # pylint: disable=broad-except
                # Whatever is wrong with one review, the others open.
                _logger.warning("Review %s failed", template.name, exc_info=True)
                failure = error
            Cron._commit_progress(1)
        if failure:
            raise failure
