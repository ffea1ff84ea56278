"""Reviews: one that was held last week, and those that are to be held. Needs the suite."""

from datetime import timedelta

from odoo import fields

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded

from .dating import date_review
from .writer_people import PeopleWriter

MINUTES = (
    "Receipts first: two vendors hold up most of what is late. West asks for the Friday "
    "truck to leave an hour earlier."
)
# What was decided, in turn; actions are in `ACTIONS`.
DECISIONS = (
    ("accepted", "Known; it closes by itself this week."),
    ("watch", "Let us see whether it comes back."),
    ("accepted", "The customer was told."),
)
# (what, who, days until due, outcome if it is done)
ACTIONS = (
    (
        "Ask the vendor for a weekly list of dates",
        "buyer",
        7,
        "Comes every Monday now.",
    ),
    ("Let the Friday truck leave at 14:00", "planner", 9, False),
    ("Count the A shelves of the South Depot", "manager.south", 5, "Done; four off."),
    ("Call the harbour project about its invoices", "finance", 12, False),
)
MEETING_HOURS = 27


class ReviewWriter(PeopleWriter):
    theme = "reviews"

    def run(self):
        if not self.plan.sales:
            return
        self._now = fields.Datetime.now()
        templates = self.env["distribution.review.template"].search([], order="id")
        templates.chair_id = self.book.user("planner")
        for template in templates:
            last = template._cut_off(self.company, self._now)
            if template.frequency == "weekly":
                before = template._cut_off(self.company, last[0] - timedelta(hours=1))
                self._hold(self._open(template, before))
            self._open(template, last)

    def _open(self, template, cut_off):
        """The pack as it was opened then, without what has come up since."""
        review = self.env["distribution.review"]._open_pack(
            template, self.company, cut_off
        )
        moment = cut_off[0] + timedelta(minutes=12)
        late = review.item_ids.filtered(
            lambda item: (
                item.kind == "exception" and item.exception_id.opened_at > moment
            )
        )
        guarded(late).unlink()
        date_review(review, moment)
        return review

    def _hold(self, review):
        """They met on the day after, decided, and agreed on who does what."""
        planner = self.book.user("planner")
        mine = review.with_user(planner)
        met = review.cut_off_at + timedelta(hours=MEETING_HOURS)
        mine.minutes = MINUTES
        items = mine.item_ids.sorted("sequence")
        about = items[:: max(1, len(items) // len(ACTIONS))]
        self._agree(mine, about, met)
        for number, item in enumerate(items.filtered(lambda x: not x.decision)):
            decision, note = DECISIONS[number % len(DECISIONS)]
            item.write({"decision": decision, "note": note})
        mine.action_close()
        date_review(review, review.opened_at, met)

    def _agree(self, review, items, met):
        Action = self.env["distribution.review.action"].with_user(review.env.user)
        for (what, who, days, outcome), item in zip(ACTIONS, items, strict=False):
            action = Action.create(
                {
                    "review_id": review.id,
                    "item_id": item.id,
                    "name": what,
                    "user_id": self.book.user(who).id,
                    "date_due": met.date() + timedelta(days=days),
                }
            )
            known = action.with_env(self.env)
            if outcome:
                action.with_user(self.book.user(who))._finish("done", outcome)
                known.done_on = met.date() + timedelta(days=days - 2)
            known.opened_on = met.date()
