from textwrap import shorten

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_datetime

from .distribution_board_filters import PAGE

# Less than half an hour away is now.
NOW = 1800
READ = [
    "name",
    "detail",
    "rule_id",
    "severity",
    "company_id",
    "branch_id",
    "partner_id",
    "amount",
    "stake",
    "service_class",
    "too_late_at",
    "user_id",
    "snoozed_until",
    "escalated_at",
    "reopened_count",
    "action_taken",
]


class DistributionBoard(models.Model):
    """The exceptions of a board: what its role does first."""

    _inherit = "distribution.board"

    def _exceptions(self, scope, offset=0, limit=PAGE):
        """Open exceptions in the order of their rank.

        :return: `rows`, `total` (how many there are), `money` (what they put at risk, as
            text), `snoozed` (how many wait until later, and are left out unless the scope
            asks for them), `looked` (when the rules looked last, in words), `has_looked`
        """
        rules = self.env["distribution.exception.rule"].search(self._rule_domain())
        looked = {
            "looked": self._looked(rules),
            "has_looked": any(rules.mapped("swept_at")),
        }
        if scope.is_empty:
            return {"rows": [], "total": 0, "money": "", "snoozed": 0, **looked}
        Found = self.env["distribution.exception"]
        every = self._exception_domain(rules, scope)
        asleep = Domain("snoozed_until", ">", fields.Datetime.now())
        listed = every
        if not scope.snoozed:
            awake = Domain("snoozed_until", "=", False) | Domain(
                "snoozed_until", "<=", fields.Datetime.now()
            )
            listed = every & awake
        rows = Found.search_fetch(
            listed, READ, offset=offset, limit=limit, order="rank desc, id"
        )
        total, money = self._at_risk(listed)
        return {
            "rows": [self._row(exception) for exception in rows],
            "total": total,
            "money": money,
            "snoozed": Found.search_count(every & asleep),
            **looked,
        }

    def _rule_domain(self):
        """The rules whose exceptions the board lists."""
        # As superuser: the choices of the board name kinds of records.
        board = self.sudo()
        if board.rule_ids:
            return Domain("id", "in", board.rule_ids.ids)
        domain = Domain("severity", ">=", board.severity_from)
        if board.rule_role_ids:
            domain &= Domain("role_ids", "in", board.rule_role_ids.ids)
        if board.model_ids:
            domain &= Domain("model", "in", board.model_ids.mapped("model"))
        return domain

    @api.model
    def _exception_domain(self, rules, scope):
        domain = Domain("state", "=", "open") & Domain("rule_id", "in", rules.ids)
        if scope.region_id or scope.branch_id:
            domain &= Domain("branch_id", "in", scope.chosen.ids)
        return domain

    @api.model
    def _looked(self, rules):
        moments = [moment for moment in rules.mapped("swept_at") if moment]
        if not moments:
            return self.env._("The rules have not looked yet.")
        moment = format_datetime(self.env, max(moments), dt_format="short")
        return self.env._("The rules looked last on %(moment)s.", moment=moment)

    @api.model
    def _at_risk(self, domain):
        """How many there are, and their money in words: one amount for each currency."""
        groups = self.env["distribution.exception"]._read_group(
            domain, ["company_id"], ["__count", "amount:sum"]
        )
        money = {}
        for company, _count, amount in groups:
            currency = (company or self.env.company).currency_id
            money[currency] = money.get(currency, 0.0) + amount
        words = [self._money(amount, currency) for currency, amount in money.items()]
        return sum(count for _company, count, _amount in groups), " + ".join(words)

    @api.model
    def _row(self, exception):
        """An exception as the screen shows it."""
        now = fields.Datetime.now()
        rule, partner = exception.rule_id, exception.partner_id
        late_at = exception.too_late_at
        severities = dict(self._severities())
        return {
            "id": exception.id,
            "name": exception.name or rule.name,
            "detail": exception.detail_text,
            "rule": rule.name,
            "note": rule.note or "",
            "severity": severities.get(exception.severity, ""),
            "is_critical": exception.severity == "3",
            "branch": exception.branch_id.name or "",
            "amount": self._money(exception.amount, exception.currency_id),
            "deadline": self._deadline(exception, now),
            "deadline_at": late_at and format_datetime(self.env, late_at) or "",
            "is_late": bool(late_at and late_at <= now),
            "why": exception.rank_reason,
            "owner": exception.user_id.name or "",
            "is_mine": exception.user_id == self.env.user,
            "resolve_label": rule.resolve_label or "",
            "flags": self._flags(exception),
            "customer_id": partner.id if partner.customer_rank else False,
        }

    @api.model
    def _deadline(self, exception, now):
        late_at = exception.too_late_at
        if late_at and abs((late_at - now).total_seconds()) < NOW:
            return self.env._("Now")
        return exception._time_left(now)

    @api.model
    def _flags(self, exception):
        """What else is to be known of it, in words."""
        flags = []
        if exception.is_snoozed:
            until = format_datetime(
                self.env, exception.snoozed_until, dt_format="short"
            )
            flags.append(self.env._("Snoozed until %(moment)s", moment=until))
        if exception.escalated_at:
            flags.append(self.env._("Escalated"))
        if exception.reopened_count:
            flags.append(self.env._("Back again"))
        if exception.action_taken:  # so that nobody does it twice
            done = shorten(exception.action_taken, 30, placeholder="…")
            flags.append(self.env._("Last step: %(what)s", what=done))
        return flags

    @api.model
    def _may_act(self):
        """Whether the buttons of exceptions are for the user."""
        return self.env["distribution.exception"]._may_act()
