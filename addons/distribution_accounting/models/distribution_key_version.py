from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare, format_date

from .distribution_key import BASES
from .keys import is_keeping, keeping

STATES = [("draft", "Draft"), ("active", "Active"), ("replaced", "Replaced")]
# What says what applied when.
SAID = ("key_id", "date_from", "line_ids", "basis", "state")


class DistributionKeyVersion(models.Model):
    """The percentages of a key from a date on.

    Only a draft is edited. One that is active says what applies, and, once items were
    posted with it, what applied: for other percentages there is a new version.
    """

    _name = "distribution.key.version"
    _description = "Version of a Distribution Key"
    _order = "key_id, date_from desc, id desc"
    _check_company_auto = True

    key_id = fields.Many2one(
        "distribution.key",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        help="The distribution key that has these percentages.",
    )
    company_id = fields.Many2one(
        related="key_id.company_id", store=True, index=True, help="That of the key."
    )
    date_from = fields.Date(
        string="Valid From",
        required=True,
        default=lambda self: fields.Date.start_of(
            fields.Date.context_today(self), "month"
        ),
        help="The first day of documents that are spread by this version.",
    )
    date_to = fields.Date(
        string="Valid To",
        compute="_compute_date_to",
        help="The day before the next active version of the key begins; empty as long as "
        "there is none.",
    )
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        help="A draft is not used. A replaced version was, until another one from the same "
        "date on took its place.",
    )
    basis = fields.Selection(
        BASES,
        compute="_compute_basis",
        store=True,
        readonly=True,
        help="That of the key when the version was made.",
    )
    line_ids = fields.One2many(
        "distribution.key.version.line",
        "version_id",
        string="Shares",
        copy=True,
        help="The percentage of each branch; 100 % together.",
    )
    total_percent = fields.Float(
        string="Total",
        digits="Percentage Analytic",
        compute="_compute_total_percent",
        help="Has to be exactly 100 %.",
    )
    item_count = fields.Integer(
        string="Items",
        compute="_compute_item_count",
        help="Journal items that were posted with this version and have it now.",
    )

    _one_active = models.UniqueIndex(
        "(key_id, date_from) WHERE state = 'active'",
        "A distribution key has one active version for each date.",
    )

    @api.depends("key_id")
    def _compute_basis(self):
        for version in self:
            version.basis = version.basis or version.key_id.basis

    @api.depends("line_ids.percent")
    def _compute_total_percent(self):
        for version in self:
            version.total_percent = sum(version.line_ids.mapped("percent"))

    @api.depends("key_id.version_ids.state", "key_id.version_ids.date_from")
    def _compute_date_to(self):
        for version in self:
            later = version.key_id.version_ids.filtered(
                lambda other, day=version.date_from: (
                    day and other.state == "active" and other.date_from > day
                )
            )
            days = later.mapped("date_from")
            version.date_to = min(days) - timedelta(days=1) if days else False

    def _compute_item_count(self):
        groups = self.env["account.move.line"]._read_group(
            [("distribution_version_id", "in", self.ids)],
            ["distribution_version_id"],
            ["__count"],
        )
        counts = dict(groups)
        for version in self:
            version.item_count = counts.get(version, 0)

    @api.depends("key_id.name", "date_from")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(key)s from %(date)s",
                key=version.key_id.name or "",
                date=format_date(self.env, version.date_from)
                if version.date_from
                else "",
            )

    @api.constrains("line_ids", "state")
    def _check_total(self):
        """The shares of a version that has any are exactly 100 %."""
        for version in self:
            if version.line_ids or version.state == "active":
                version._ensure_total()

    def _ensure_total(self):
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Percentage Analytic")
        # As superuser: the shares of all branches add up, whichever the user sees.
        total = sum(round(line.percent, digits) for line in self.sudo().line_ids)
        if float_compare(total, 100.0, precision_digits=digits):
            raise ValidationError(
                self.env._(
                    "The shares of %(version)s add up to %(total)s %%. They have to be "
                    "exactly 100 %%: %(rest)s %% too much or too little.",
                    version=self.display_name,
                    total=f"{total:.{digits}f}",
                    rest=f"{abs(100.0 - total):.{digits}f}",
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "draft") != "draft" and not is_keeping(self):
                raise self._said_error()
        return super().create(vals_list)

    def write(self, vals):
        if not is_keeping(self) and not vals.keys().isdisjoint(SAID):
            if "state" in vals or any(version.state != "draft" for version in self):
                raise self._said_error()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_said(self):
        if any(version.state != "draft" for version in self):
            raise self._said_error()

    def _said_error(self):
        return UserError(
            self.env._(
                "%(version)s is kept as it is, so that it says what applied when: only a "
                "draft is edited or deleted, and made active by its button. For other "
                "percentages, make a new version.",
                version=self[:1].display_name or self._description,
            )
        )

    # Actions.

    def action_activate(self):
        """Let the version apply from its date on.

        Another one from the same date on is replaced; what was posted with it stays so,
        until its month is distributed again.

        :raises UserError: the shares are not 100 %, or a branch is closed
        """
        self.check_access("write")
        for version in self.filtered(lambda version: version.state == "draft"):
            version._ensure_total()
            closed = version.line_ids.branch_id.filtered(lambda x: not x.active)
            if closed:
                raise UserError(
                    self.env._(
                        "%(branch)s is closed, so it cannot bear a share of %(key)s.",
                        branch=closed[0].display_name,
                        key=version.key_id.display_name,
                    )
                )
            there = version.key_id._versions_in(version.date_from, version.date_from)
            there._set_state("replaced")
            version._set_state("active")
        return True

    def action_draft(self):
        """Take a version back that was made active, but not used.

        :raises UserError: items were posted with it, or it was replaced
        """
        self.check_access("write")
        # As superuser: an item counts, whoever sees it.
        items = self.env["account.move.line"].sudo()
        used = items.search([("distribution_version_id", "in", self.ids)], limit=1)
        for version in self:
            if version.state == "replaced" or used.distribution_version_id == version:
                raise version._said_error()
        self._set_state("draft")
        return True

    def action_new_version(self):
        """Draft a version from the first of this month on, and open it.

        :return: action that opens the draft
        """
        return self.key_id.action_new_version()

    def action_view_items(self):
        """Open the items that were posted with the version.

        :return: action
        """
        self.ensure_one()
        action = self.key_id.action_view_items()
        action["domain"] = [("distribution_version_id", "=", self.id)]
        return action

    def _set_state(self, state):
        keeping(self).write({"state": state})
        self.env.flush_all()  # the one that is replaced makes room for the new one

    def _percentages(self):
        """{branch id: percent}"""
        self.ensure_one()
        return {line.branch_id.id: line.percent for line in self.line_ids}

    def _analytic_part(self):
        """{id of the analytic account of a branch: percent}"""
        self.ensure_one()
        accounts = self.env["distribution.branch"]._analytic_ids()
        return {accounts[branch]: p for branch, p in self._percentages().items()}


class DistributionKeyVersionLine(models.Model):
    """The share of one branch."""

    _name = "distribution.key.version.line"
    _description = "Share of a Branch"
    _order = "version_id, branch_id, id"
    _check_company_auto = True

    version_id = fields.Many2one(
        "distribution.key.version",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        help="The version whose share it is.",
    )
    company_id = fields.Many2one(
        related="version_id.company_id", store=True, index=True, help="That of the key."
    )
    branch_id = fields.Many2one(
        "distribution.branch",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="The branch that bears the share.",
    )
    percent = fields.Float(
        string="Share %",
        digits="Percentage Analytic",
        required=True,
        help="Percent of the costs that the branch bears.",
    )
    basis_value = fields.Float(
        string="Basis",
        digits=(16, 2),
        readonly=True,
        help="What the share was computed from: revenue of the month in company currency, "
        "people, or square metres. Nil for fixed percentages.",
    )
    currency_id = fields.Many2one(related="version_id.key_id.currency_id")
    month_amount = fields.Monetary(
        string="This Month",
        compute="_compute_month_amount",
        help="What the branch would bear of the costs that were posted with the key this "
        "month, by this share.",
    )

    _branch_once = models.Constraint(
        "UNIQUE (version_id, branch_id)",
        "A branch has one share in a version of a distribution key.",
    )
    _percent_sane = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)",
        "The share of a branch must be above 0 and at most 100 percent.",
    )

    @api.depends("percent")
    def _compute_month_amount(self):
        for line in self:
            amount = line.version_id.key_id.month_amount
            line.month_amount = amount * line.percent / 100.0

    @api.model_create_multi
    def create(self, vals_list):
        ids = {vals.get("version_id") for vals in vals_list}
        self._ensure_draft(self.env["distribution.key.version"].browse(ids - {None}))
        return super().create(vals_list)

    def write(self, vals):
        self._ensure_draft(self.version_id)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_said(self):
        self._ensure_draft(self.version_id)

    def _ensure_draft(self, versions):
        said = versions.filtered(lambda version: version.state != "draft")
        if said and not is_keeping(self):
            raise said._said_error()
