from dataclasses import dataclass, field
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.date_utils import end_of, start_of, subtract
from odoo.tools.translate import LazyTranslate

# Read outside of any environment, and translated when they are shown.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

PERIODS = {
    "today": _lt("Today"),
    "this_week": _lt("This week"),
    "this_month": _lt("This month"),
    "last_month": _lt("Last month"),
    "last_30_days": _lt("Last 30 days"),
    "this_quarter": _lt("This quarter"),
    "custom": _lt("Dates"),
}
DEFAULT_PERIOD = "last_30_days"
MOST_DAYS = 731
PAGE = 20
MOST_ROWS = 200
MOST = 2**31 - 1  # as the database counts


@dataclass
class Scope:
    """What a board is asked for: which branches, which days, how many exceptions."""

    period: str
    day_from: date
    day_to: date
    region_id: int = 0
    branch_id: int = 0
    limit: int = PAGE
    snoozed: bool = False
    # What is offered.
    regions: list = field(default_factory=list)
    branches: list = field(default_factory=list)
    # Branches that were chosen, as records; None: nothing was chosen, and the user sees
    # the whole company.
    chosen: object = None

    @property
    def branch_ids(self):
        """Ids of the branches that count; None for the whole company."""
        return None if self.chosen is None else self.chosen.ids

    @property
    def is_empty(self):
        """Whether branches were asked for, and the user may see none of them."""
        return self.chosen is not None and not self.chosen

    def choices(self):
        """The choices that the screen shows, and what they are made from, for JSON."""
        return {
            "filters": {
                "region": self.region_id,
                "branch": self.branch_id,
                "period": self.period,
                "date_from": fields.Date.to_string(self.day_from),
                "date_to": fields.Date.to_string(self.day_to),
                "snoozed": self.snoozed,
            },
            "regions": self.regions,
            "branches": self.branches,
        }


class DistributionBoard(models.Model):
    """Which branches and days a board is about."""

    _inherit = "distribution.board"

    @api.model
    def _word(self, text):
        """A lazily translated word in the language of the user."""
        return text._translate(self.env.lang or "en_US")

    @api.model
    def _periods(self):
        return [[key, self._word(label)] for key, label in PERIODS.items()]

    @api.model
    def _scope(self, filters):
        """What was asked for, within what the user may see."""
        filters = filters if isinstance(filters, dict) else {}
        period = filters.get("period")
        period = period if period in list(PERIODS) else DEFAULT_PERIOD
        day_from, day_to = self._days(period, filters)
        scope = Scope(
            period=period,
            day_from=day_from,
            day_to=day_to,
            region_id=self._as_number(filters.get("region")),
            branch_id=self._as_number(filters.get("branch")),
            snoozed=bool(filters.get("snoozed")),
            limit=min(max(self._as_number(filters.get("limit")), PAGE), MOST_ROWS),
        )
        self._set_branches(scope)
        return scope

    @api.model
    def _as_number(self, value):
        """A number that came with a request; -1 where there is something that is none."""
        try:
            return min(max(int(value or 0), -1), MOST)
        except (TypeError, ValueError, OverflowError):
            return -1

    @api.model
    def _set_branches(self, scope):
        user = self.env.user
        branches = self.env["distribution.branch"].search(
            [("id", "in", user.allowed_branch_ids.ids)]
            if user.branch_restricted
            else []
        )
        regions = branches.region_id
        above = {
            int(key) for region in regions for key in region.parent_path.split("/")[:-1]
        }
        every = self.env["distribution.region"].search([("id", "in", list(above))])
        chosen = branches
        if scope.region_id:
            part = f"/{scope.region_id}/"
            chosen = chosen.filtered(
                lambda branch: part in f"/{branch.region_id.parent_path}"
            )
        if scope.branch_id:
            chosen = chosen.filtered(lambda branch: branch.id == scope.branch_id)
        is_narrow = scope.region_id or scope.branch_id or user.branch_restricted
        scope.chosen = chosen if is_narrow else None
        scope.regions = [{"id": item.id, "name": item.complete_name} for item in every]
        scope.branches = [
            {
                "id": branch.id,
                "name": branch.display_name,
                "regions": [
                    int(key) for key in branch.region_id.parent_path.split("/")[:-1]
                ],
            }
            for branch in branches
        ]

    @api.model
    def _days(self, period, filters):
        """The first and the last day of a period."""
        today = fields.Date.context_today(self)
        if period == "custom":
            return self._chosen_days(filters, today)
        month_before = subtract(start_of(today, "month"), months=1)
        return {
            "today": (today, today),
            "this_week": (start_of(today, "week"), today),
            "this_month": (start_of(today, "month"), today),
            "last_month": (month_before, end_of(month_before, "month")),
            "last_30_days": (today - timedelta(days=29), today),
            "this_quarter": (start_of(today, "quarter"), today),
        }[period]

    @api.model
    def _chosen_days(self, filters, today):
        try:
            day_to = fields.Date.to_date(filters.get("date_to")) or today
            day_from = fields.Date.to_date(filters.get("date_from")) or day_to
            # As many days before are looked at, too.
            subtract(day_from, days=MOST_DAYS)
        except (TypeError, ValueError, OverflowError):
            raise UserError(
                self.env._("These are no days. Choose the first and the last day.")
            ) from None
        if day_from > day_to:
            raise UserError(
                self.env._(
                    "The first day, %(first)s, is after the last, %(last)s. Exchange them.",
                    first=day_from,
                    last=day_to,
                )
            )
        if (day_to - day_from).days >= MOST_DAYS:
            raise UserError(
                self.env._(
                    "A board shows two years at most. Choose a later first day than "
                    "%(first)s.",
                    first=day_from,
                )
            )
        return day_from, day_to
