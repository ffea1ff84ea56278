from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .compiled import Rule
from .distribution_approval_policy import _frozen


class DistributionApprovalRule(models.Model):
    """One measure of a document, and who decides at which values of it."""

    _name = "distribution.approval.rule"
    _description = "Approval Rule"
    _order = "policy_id, sequence, id"
    _check_company_auto = True

    policy_id = fields.Many2one(
        "distribution.approval.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    document_model = fields.Selection(related="policy_id.document_model")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    measure = fields.Selection(
        selection="_selection_measure",
        required=True,
        help="What is compared with the bands. For lines, each measure says whether it "
        "adds them up or takes the worst.",
    )
    unit = fields.Char(
        compute="_compute_unit", help="What the limits of the bands are counted in."
    )
    measure_help = fields.Text(compute="_compute_unit")
    measure_codes = fields.Json(
        compute="_compute_measure_codes", help="The measures that the document has."
    )
    currency_id = fields.Many2one(
        "res.currency",
        help="The currency of the limits. Empty: that of the company.",
        ondelete="restrict",
    )
    partner_category_ids = fields.Many2many(
        "res.partner.category",
        "distribution_approval_rule_partner_category_rel",
        string="Partner Tags",
        help="Only documents of partners with one of these tags, or a tag below it.",
    )
    band_ids = fields.One2many(
        "distribution.approval.band", "rule_id", string="Bands", copy=True
    )
    summary = fields.Char(compute="_compute_summary", help="The bands in short.")

    @api.model
    def _selection_measure(self):
        """Every measure of every kind of document, once."""
        measures = {}
        for name, _kind in self.env[
            "distribution.approval.policy"
        ]._selection_document_model():
            for code, measure in self.env[name]._approval_measures().items():
                measures.setdefault(code, measure["label"])
        return sorted(measures.items(), key=lambda item: item[1])

    def _measure(self):
        """What the document says of the measure: label, unit, help, worse."""
        self.ensure_one()
        if not self.document_model:
            return {}
        return self.env[self.document_model]._approval_measures().get(self.measure, {})

    @api.depends("measure", "document_model", "currency_id", "company_id")
    def _compute_unit(self):
        for rule in self:
            measure = rule._measure()
            unit = measure.get("unit", "")
            rule.unit = rule._currency().name if unit == "money" else unit
            rule.measure_help = measure.get("help", False)

    @api.depends("document_model")
    def _compute_measure_codes(self):
        for rule in self:
            document = self.env.get(rule.document_model)
            rule.measure_codes = (
                [] if document is None else list(document._approval_measures())
            )

    @api.onchange("band_ids")
    def _onchange_band_ids(self):
        """People enter where each band begins; it ends where the next one does."""
        bands = self._sorted_bands()
        for band, above in pairwise(bands):
            band.has_upper, band.upper = above.has_lower, above.lower
        bands[-1:].has_upper = False

    def _currency(self):
        return (
            self.currency_id
            or self.company_id.currency_id
            or self.env.company.currency_id
        )

    @api.depends("band_ids.display_name", "band_ids.approvers")
    def _compute_summary(self):
        for rule in self:
            rule.summary = "; ".join(
                f"{band.display_name}: {band.approvers}"
                for band in rule._sorted_bands()
            )

    def _sorted_bands(self):
        return self.band_ids.sorted(lambda band: (band.has_lower, band.lower))

    @api.constrains("measure", "policy_id")
    def _check_measure(self):
        for rule in self:
            if not rule._measure():
                raise ValidationError(
                    self.env._(
                        "%(rule)s: documents of this kind have no such measure.",
                        rule=rule.name,
                    )
                )

    @api.constrains("currency_id")
    def _check_currency(self):
        for rule in self:
            problem = rule._currency_problem()
            if problem:
                raise ValidationError(problem)

    def _currency_problem(self):
        """Why amounts cannot be converted to the currency of the limits, or None."""
        currency, company = self._currency(), self.company_id
        if currency == company.currency_id:
            return None
        # Odoo takes 1 where there is no rate, which would make the limit a wrong one.
        rates = currency.sudo().rate_ids  # whoever confirms need not see the rates
        if any(
            not rate.company_id or rate.company_id == company.root_id for rate in rates
        ):
            return None
        return self.env._(
            "%(rule)s: %(currency)s has no exchange rate, so amounts cannot be compared "
            "with its limits.",
            rule=self.name,
            currency=currency.name,
        )

    @api.constrains("band_ids")
    def _check_bands(self):
        for rule in self:
            problems = rule._band_problems()
            if problems:
                raise ValidationError("\n".join(problems))

    def _band_problems(self):
        """Sentences about gaps and overlaps, with the bands concerned."""
        bands = self._sorted_bands()
        if not bands:
            return []
        problems = []
        if bands[0].has_lower:
            problems.append(
                self.env._(
                    "%(rule)s: no band for values below that of %(band)s.",
                    rule=self.name,
                    band=bands[0].display_name,
                )
            )
        if bands[-1].has_upper:
            problems.append(
                self.env._(
                    "%(rule)s: no band for values above that of %(band)s.",
                    rule=self.name,
                    band=bands[-1].display_name,
                )
            )
        for below, above in pairwise(bands):
            problem = below._border_problem(above)
            if problem:
                problems.append(problem)
        return problems

    def _problems(self):
        """Sentences that say why the rule cannot decide; [] where it can."""
        self.ensure_one()
        if not self.band_ids:
            return [self.env._("%(rule)s has no bands.", rule=self.name)]
        problems = self._band_problems()
        currency = self._currency_problem()
        if currency:
            problems.append(currency)
        problems += self._condition_problems()
        for step in self.band_ids.step_ids:
            problems += step._problems()
        return problems

    def _condition_problems(self):
        """Conditions that no document of the kind can have."""
        document = self.env[self.document_model]
        known = {
            *document._approval_dimensions(),
            *document._approval_line_dimensions(),
        }
        asked = {*self._conditions(), *self._line_conditions()}
        return [
            self.env._(
                "%(rule)s: these documents have no %(dimension)s, so the rule would "
                "never apply.",
                rule=self.name,
                dimension=dimension.replace("_", " "),
            )
            for dimension in sorted(asked - known)
        ]

    def _conditions(self):
        """What the document must have, as {dimension: ids}. Extended by glue."""
        if not self.partner_category_ids:
            return {}
        below = self.partner_category_ids.sudo().search(  # tags are for everybody
            [("id", "child_of", self.partner_category_ids.ids)]
        )
        return {"partner_category": below.ids}

    def _line_conditions(self):
        """What the lines must have that are measured. Extended by glue."""
        return {}

    def _compile(self):
        """The rule as a plain value."""
        self.ensure_one()
        money = self._measure().get("unit") == "money"
        return Rule(
            id=self.id,
            name=self.name,
            measure=self.measure,
            bands=tuple(band._compile() for band in self._sorted_bands()),
            currency_id=self._currency().id if money else None,
            conditions=_frozen(self._conditions()),
            line_conditions=_frozen(self._line_conditions()),
            problem=self._currency_problem() if money else None,
        )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules.policy_id._ensure_draft()
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        self.policy_id._ensure_draft()
        result = super().write(vals)
        self.policy_id._ensure_draft()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self.policy_id._ensure_draft()
