from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributionTemplate(models.Model):
    """What a branch is made of, as data.

    A template says what must be there; the parts of the template (see
    `distribution_template_part.py`) know how to compare that with what is, and how to
    bring it about.
    """

    _name = "distribution.template"
    _description = "Branch Template"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    description = fields.Text(
        translate=True, help="What kind of branch the template is for."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        tracking=True,
        help="Left empty, every company may open branches from this template.",
    )
    branch_type = fields.Selection(
        selection=lambda self: self._selection_branch_type(),
        string="Type",
        required=True,
        default="depot",
        tracking=True,
        help="The type of the branches that are opened from this template.",
    )
    reception_steps = fields.Selection(
        selection=lambda self: self._selection_steps("reception_steps"),
        string="Receiving",
        required=True,
        default="one_step",
        tracking=True,
        help="How goods come in: straight to stock, or by way of a goods-in area, with "
        "or without quality control.",
    )
    delivery_steps = fields.Selection(
        selection=lambda self: self._selection_steps("delivery_steps"),
        string="Shipping",
        required=True,
        default="ship_only",
        tracking=True,
        help="How goods leave: straight from stock, or by way of a goods-out area, "
        "with or without packing.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Opening Hours",
        ondelete="restrict",
        check_company=True,
        help="Opening hours of the branches. Left empty, a new branch starts with "
        "those of its company and may have its own.",
    )
    location_ids = fields.One2many(
        "distribution.template.location",
        "template_id",
        string="Locations",
        copy=False,
        help="Locations in addition to those that Odoo makes with a warehouse.",
    )
    lane_ids = fields.One2many(
        "distribution.template.lane",
        "template_id",
        string="Lanes",
        copy=True,
        help="Lanes from and to the branch.",
    )
    job_ids = fields.One2many(
        "distribution.template.job",
        "template_id",
        string="Jobs",
        copy=True,
        help="What people do in the branch, and the role each job gives.",
    )
    replenishment_ids = fields.One2many(
        "distribution.template.replenishment",
        "template_id",
        string="Replenishment",
        copy=True,
        help="Reordering rules for the storable products of a category.",
    )
    branch_ids = fields.One2many(
        "distribution.branch",
        "template_id",
        string="Branches",
        help="Branches that this template was applied to last.",
    )
    branch_count = fields.Integer(
        compute="_compute_branch_count",
        help="Branches that this template was applied to last.",
    )

    @api.model
    def _selection_branch_type(self):
        return self.env["distribution.branch"]._fields["branch_type"].selection

    @api.model
    def _selection_steps(self, field):
        return self.env["stock.warehouse"]._fields[field].selection

    @api.depends("branch_ids")
    def _compute_branch_count(self):
        counts = dict(
            self.env["distribution.branch"]._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        for template in self:
            template.branch_count = counts.get(template, 0)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for template, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%s (copy)", template.name)
        return vals_list

    def copy(self, default=None):
        """Copy the locations too, each below the copy of its parent."""
        copies = super().copy(default)
        for template, duplicate in zip(self, copies, strict=True):
            template.location_ids._copy_tree(duplicate)
        return copies

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        for template in self.filtered("branch_ids"):
            raise UserError(
                self.env._(
                    "Template %(template)s is in use by %(branches)s. Archive it "
                    "instead.",
                    template=template.name,
                    branches=", ".join(template.branch_ids.mapped("display_name")),
                )
            )

    def action_open_branch(self):
        """Open the form that opens a branch from this template."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_template.distribution_branch_opening_action_new"
        )
        action["context"] = {"default_template_id": self.id}
        return action

    def action_view_branches(self):
        """Open the branches that this template was applied to last."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_network.distribution_branch_action"
        )
        action["domain"] = [("template_id", "=", self.id)]
        return action
