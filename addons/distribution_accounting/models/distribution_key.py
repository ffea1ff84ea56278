from odoo import api, fields, models
from odoo.exceptions import UserError

BASES = [
    ("fixed", "Fixed percentages"),
    ("revenue", "Revenue"),
    ("head_count", "Head-count"),
    ("floor_space", "Floor space"),
]


class DistributionKey(models.Model):
    """How costs that several branches share are spread over them.

    A key has versions; each says the percentages from a date on. What was posted keeps the
    version it was posted with, until the month is distributed again.
    """

    _name = "distribution.key"
    _description = "Distribution Key"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        tracking=True,
        help="What the key is for, as those who enter bills know it: Rent, IT, Insurance.",
    )
    sequence = fields.Integer(default=10, help="The order of keys in lists.")
    active = fields.Boolean(
        default=True,
        tracking=True,
        help="An archived key is no longer offered; what was posted with it stays.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="The company whose branches share the costs.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    basis = fields.Selection(
        BASES,
        required=True,
        default="fixed",
        tracking=True,
        help="Where the percentages come from: they are entered, or computed from what the "
        "branches sold in the month, from their head-count or from their floor space.",
    )
    note = fields.Text(
        string="Reason", help="Why these costs are shared, and why on this basis."
    )
    version_ids = fields.One2many(
        "distribution.key.version",
        "key_id",
        string="Versions",
        help="What applied from when on.",
    )
    current_version_id = fields.Many2one(
        "distribution.key.version",
        string="Valid Today",
        compute="_compute_current_version_id",
        help="The version that applies to what is posted today.",
    )
    current_line_ids = fields.One2many(
        "distribution.key.version.line",
        string="Shares Today",
        compute="_compute_current_version_id",
        help="The share of each branch in the version that is valid today.",
    )
    month_amount = fields.Monetary(
        string="Posted This Month",
        compute="_compute_month_amount",
        help="Costs less income posted with this key since the first of the month, in "
        "company currency.",
    )

    _name_unique = models.Constraint(
        "UNIQUE (company_id, name)",
        "There is a distribution key of this name in the company already.",
    )

    @api.depends(
        "version_ids.state", "version_ids.date_from", "version_ids.line_ids.percent"
    )
    def _compute_current_version_id(self):
        today = fields.Date.context_today(self)
        for key in self:
            key.current_version_id = key._version_on(today)
            key.current_line_ids = key.current_version_id.line_ids

    def _compute_month_amount(self):
        start = fields.Date.start_of(fields.Date.context_today(self), "month")
        groups = self.env["account.move.line"]._read_group(
            [
                ("distribution_key_id", "in", self.ids),
                ("parent_state", "=", "posted"),
                ("date", ">=", start),
                ("date", "<=", fields.Date.end_of(start, "month")),
            ],
            ["distribution_key_id"],
            ["balance:sum"],
        )
        amounts = dict(groups)
        for key in self:
            key.month_amount = amounts.get(key, 0.0)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for key, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%s (copy)", key.name)
        return vals_list

    def write(self, vals):
        if "company_id" in vals and self.version_ids:
            raise UserError(
                self.env._(
                    "%s has versions, which name branches of its company: the company of "
                    "the key stays.",
                    self[:1].display_name,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # As superuser: what was posted counts, whoever sees it.
        used = self.env["account.move.line"].sudo()
        used = used.search([("distribution_key_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._(
                    "%(key)s is used by %(entry)s, so it stays. Archive it instead.",
                    key=used.distribution_key_id.display_name,
                    entry=used.move_id.display_name,
                )
            )

    # Versions.

    def _version_on(self, day):
        """The version that applies on a day; none where the key has none yet."""
        self.ensure_one()
        found = self.version_ids.filtered(
            lambda version: version.state == "active" and version.date_from <= day
        )
        return found.sorted("date_from")[-1:]

    def _versions_in(self, start, end):
        """Active versions that begin within a period."""
        return self.version_ids.filtered(
            lambda version: (
                version.state == "active" and start <= version.date_from <= end
            )
        )

    def action_new_version(self):
        """Draft a version from the first of this month on, and open it.

        Fixed percentages start as those of today; others as the basis gives them.

        :return: action that opens the draft
        """
        self.ensure_one()
        start = fields.Date.start_of(fields.Date.context_today(self), "month")
        version = self.env["distribution.key.version"].create(
            self._prepare_version(start, self._shares_from(start))
        )
        return version.get_formview_action()

    def action_view_items(self):
        """Open the posted items of the key.

        :return: action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_account_moves_all"
        )
        action["domain"] = [
            ("distribution_key_id", "=", self.id),
            ("parent_state", "=", "posted"),
        ]
        action["context"] = {}
        return action
