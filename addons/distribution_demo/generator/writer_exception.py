"""Exceptions: rules of the company, what they found in the past weeks and find today.

Needs the suite. What is open today the rules find themselves, in one sweep at the end. The
sweeps of the past are told from the documents: what left late was late before it left.
"""

from datetime import timedelta

from odoo import Command, fields

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded

from .dating import date_events, date_exceptions
from .tools import stream
from .writer_people import PeopleWriter

# What the company has decided about rules that come with the suite, by detector.
RULES = {
    # Rests of deliveries are backorders, and have a rule of their own.
    "sale_late": {"domain": "[('qty_delivered', '=', 0)]"},
    "sale_price": {"threshold": 12.0},
    "sale_margin": {"margin_floor": 5.0},
    "stock_shortage": {"threshold": 3.0},
    "transfer_arrive": {"threshold": 4.0},
    "account_receivable": {"threshold": 5.0},
}
# Less excess than this is not worth a trip: units, and a unit for so many products.
LEAST_EXCESS, MOST_EXCESS, PRODUCTS_PER_UNIT = 4, 12, 25
# Customers of these contracts weigh more; those with the last numbers weigh less.
CLASS_A = (0, 2, 3)
CLASS_C_SHARE = 4
# The centre keeps weeks of stock: there a vendor may be a day late.
LATE_DAYS_OF_CENTRAL = 2.0
# Hours before now at which an exception opened that does not tell when it began: one
# in three since yesterday.
NEWEST, RECENT, OLDEST = 2, 30, 1080
LONGEST = timedelta(days=58)
# By detector: how many hours one unit of its measure is.
UNITS = {
    **dict.fromkeys(("transfer_leave", "transfer_arrive", "approval_late"), 1),
    **dict.fromkeys(("purchase_late", "sale_backorder", "account_receivable"), 24),
    **dict.fromkeys(("transfer_unreconciled", "transfer_discrepancy"), 24),
    "transfer_emergency": 24,
    **dict.fromkeys(("stock_hold", "stock_overdue", "stock_aged"), 24),
}
SNOOZE = "The vendor has promised it for the day after tomorrow."
NOTES = (
    ("The truck was full.", "Booked for the next one."),
    ("Wrong bin on the slip.", "Found two bins further; it ships today."),
    ("The vendor is short of staff.", "Asked for half of it at once."),
)


class ExceptionWriter(PeopleWriter):
    theme = "exceptions"

    def run(self):
        if not self.plan.sales:
            return
        self._rng = stream(self.plan.settings, "exceptions")
        self._now = fields.Datetime.now()
        self._tune_rules()
        self._choose_classes()
        self.env["distribution.exception.rule"].search([]).action_sweep()
        self._date_open()
        self._work_on()
        self.env["distribution.exception.rule"]._escalate()

    def _tune_rules(self):
        Rule = self.env["distribution.exception.rule"]
        for rule in Rule.search([("detector", "in", list(RULES))]):
            rule.write(RULES[rule.detector])
        excess = Rule.search([("detector", "=", "stock_excess")], limit=1)
        units = self.plan.settings.skus // PRODUCTS_PER_UNIT
        excess.threshold = min(max(units, LEAST_EXCESS), MOST_EXCESS)
        late = Rule.search([("detector", "=", "purchase_late")], limit=1)
        central = self.book.branches["central"]
        late.threshold_ids = [
            Command.create({"branch_id": central.id, "value": LATE_DAYS_OF_CENTRAL})
        ]
        waiting = Rule.search([("detector", "in", ("sale_late", "sale_partial"))])
        waiting.notify_service = True

    def _choose_classes(self):
        """Some customers are more important than others, and one wants no letters."""
        Partner = self.env["res.partner"]
        large = Partner.browse(
            self.book.contract_customers[index]
            for index in CLASS_A
            if index in self.book.contract_customers
        )
        customers = Partner.browse(self.book.customers)
        (large | customers[::7]).service_class = "a"
        small = customers[3::CLASS_C_SHARE] - customers[::7]
        small.service_class = "c"
        customers[1:2].late_notices = False

    # When what is open today began.

    def _date_open(self):
        found = self.env["distribution.exception"].search(
            [("state", "=", "open")], order="id"
        )
        moments = [self._began(exception) for exception in found]
        self._date(found, moments)
        date_events(
            found.event_ids, [event.exception_id.opened_at for event in found.event_ids]
        )

    def _began(self, exception):
        """When the rules saw it first."""
        rule = exception.rule_id
        unit = UNITS.get(rule.detector)
        oldest = self._rng.choice((RECENT, OLDEST, OLDEST))
        age = timedelta(hours=self._rng.randint(NEWEST, oldest))
        if unit:
            more = max(exception.measure - rule.threshold, 0) * unit
            age = timedelta(hours=more, minutes=self._rng.randint(10, 55))
        elif rule.detector == "sale_late" and exception.too_late_at < self._now:
            age = self._now - exception.too_late_at
            age += timedelta(hours=rule.hours_to_act)
        return self._now - min(age, LONGEST)

    def _date(self, exceptions, moments):
        """Dates of opening, and those that follow from it in the hours of the branch."""
        rows = []
        for exception, moment in zip(exceptions, moments, strict=True):
            rule = exception.rule_id
            hours = rule.hours_to_act
            due = self._after(exception.branch_id, moment, hours)
            escalates = rule.escalate_hours and self._after(
                exception.branch_id, moment, hours + rule.escalate_hours
            )
            rows.append((moment, due, escalates or None))
        date_exceptions(exceptions, rows)

    def _after(self, branch, moment, hours):
        if not branch.calendar_id:
            return moment + timedelta(hours=hours)
        return branch.calendar_id._after_opening_hours(
            moment, hours, branch._timezone()
        )

    # What people have done about it.

    def _work_on(self):
        """In each branch the first is free; some of the others somebody acts upon."""
        for number, key in enumerate(self.book.branches):
            mine = self._first_of(f"operator.{key}")
            self._take(f"operator.{key}", mine[1:2], 2)
            self._take(f"manager.{key}", mine[3:4], 5, NOTES[number % len(NOTES)])
            self._snooze(f"manager.{key}", mine[5:6])
        for who in ("buyer", "finance", "planner"):
            mine = self._first_of(who).filtered(lambda one: not one.acknowledged_at)
            self._take(who, mine[1:2], 3)

    def _first_of(self, who):
        """What a user sees first, without what is about to escalate anyway."""
        return self._as(who, "distribution.exception").search(
            [("state", "=", "open"), ("snoozed_until", "=", False)], limit=12
        )

    def _take(self, who, exceptions, hours, note=None):
        """Somebody said some hours ago: I act on it."""
        for exception in exceptions:
            exception.action_take()
            if note:
                exception.action_note(*note)
            known = exception.with_env(self.env)
            moment = max(self._now - timedelta(hours=hours), known.opened_at)
            guarded(known).write({"acknowledged_at": moment})
            said = known.event_ids.filtered(lambda x: x.kind in ("taken", "note"))
            date_events(said, [moment] * len(said))

    def _snooze(self, who, exceptions):
        for exception in exceptions:
            exception.action_snooze(self._now + timedelta(days=2), SNOOZE)
