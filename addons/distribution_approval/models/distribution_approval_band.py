from odoo import api, fields, models
from odoo.tools import float_compare
from odoo.tools.misc import formatLang

from .compiled import Band

DIGITS = 6


class DistributionApprovalBand(models.Model):
    """Values of a measure from a lower limit, included, to an upper one, excluded."""

    _name = "distribution.approval.band"
    _description = "Approval Band"
    _order = "rule_id, has_lower, lower, id"
    _check_company_auto = True

    rule_id = fields.Many2one(
        "distribution.approval.rule", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rule_id.company_id", store=True)
    unit = fields.Char(related="rule_id.unit")
    has_lower = fields.Boolean(
        string="Has a Lower Limit",
        default=True,
        help="Unset for the band of the lowest values.",
    )
    lower = fields.Float(
        string="From", digits=(16, DIGITS), help="The lowest value of the band."
    )
    has_upper = fields.Boolean(
        string="Has an Upper Limit", help="Unset for the band of the highest values."
    )
    upper = fields.Float(
        string="Below", digits=(16, DIGITS), help="The first value above the band."
    )
    step_ids = fields.One2many(
        "distribution.approval.step",
        "band_id",
        string="Steps",
        copy=True,
        help="Who decides. Without a step no approval is needed.",
    )
    approvers = fields.Char(
        compute="_compute_approvers", help="Who is asked, in order."
    )
    automation_user_ids = fields.Many2many(
        "res.users",
        "distribution_approval_band_automation_rel",
        string="Approved by Policy for",
        context={"active_test": False},
        help="Documents that these users alone have made and edited are approved by the "
        "policy itself. Name the users of automations here, such as OdooBot, in whose name "
        "reordering rules make orders. The decision is recorded like any other.",
    )

    _limits_in_order = models.Constraint(
        "CHECK (NOT has_lower OR NOT has_upper OR lower < upper)",
        "The lower limit of a band must be less than its upper limit.",
    )

    @api.depends("has_lower", "lower", "has_upper", "upper", "rule_id.unit")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for band in self:
            unit = band.unit or ""
            lower = formatLang(self.env, band.lower, digits=_digits(band.lower))
            upper = formatLang(self.env, band.upper, digits=_digits(band.upper))
            if band.has_lower and band.has_upper:
                text = self.env._("%(lower)s to %(upper)s", lower=lower, upper=upper)
            elif band.has_upper:
                text = self.env._("below %(upper)s", upper=upper)
            elif band.has_lower:
                text = self.env._("from %(lower)s", lower=lower)
            else:
                text = self.env._("any value")
                unit = ""
            band.display_name = f"{text} {unit}".strip()

    @api.depends("step_ids.display_name", "step_ids.stage")
    def _compute_approvers(self):
        for band in self:
            stages = band.step_ids.grouped("stage")
            band.approvers = " → ".join(
                " + ".join(stages[stage].mapped("display_name"))
                for stage in sorted(stages)
            ) or self.env._("no approval")

    def _border_problem(self, above):
        """Why this band and the next one, `above`, do not meet, or None."""
        names = {
            "rule": self.rule_id.name,
            "below": self.display_name,
            "above": above.display_name,
        }
        if not self.has_upper or not above.has_lower:
            difference = 1
        else:
            difference = float_compare(self.upper, above.lower, precision_digits=DIGITS)
        if difference > 0:
            return self.env._("%(rule)s: %(below)s and %(above)s overlap.", **names)
        if difference < 0:
            return self.env._(
                "%(rule)s: there is a gap between %(below)s and %(above)s.", **names
            )
        return None

    def _compile(self):
        """The band as a plain value."""
        self.ensure_one()
        return Band(
            id=self.id,
            lower=self.lower if self.has_lower else None,
            upper=self.upper if self.has_upper else None,
            needs_decision=bool(self.step_ids),
            automation_ids=frozenset(self.automation_user_ids.ids),
        )

    # Gaps and overlaps are checked by the rule, once all of its bands are saved, and again
    # on activation: while several are edited at once, they need not fit in between.
    @api.model_create_multi
    def create(self, vals_list):
        bands = super().create(vals_list)
        bands.rule_id.policy_id._ensure_draft()
        self.env.registry.clear_cache()
        return bands

    def write(self, vals):
        self.rule_id.policy_id._ensure_draft()
        result = super().write(vals)
        self.rule_id.policy_id._ensure_draft()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self.rule_id.policy_id._ensure_draft()
        self.env.registry.clear_cache()


def _digits(value):
    return 0 if float(value).is_integer() else 2
