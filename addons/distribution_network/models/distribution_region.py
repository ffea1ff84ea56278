from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class DistributionRegion(models.Model):
    """A named group of branches with a manager. Regions nest."""

    _name = "distribution.region"
    _description = "Region"
    _parent_store = True
    _rec_name = "complete_name"
    _rec_names_search = ["complete_name", "code"]
    _order = "complete_name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        compute="_compute_complete_name",
        recursive=True,
        store=True,
        help="The names of the regions above and of this one.",
    )
    code = fields.Char(required=True, help="Short and unique within the company.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    parent_id = fields.Many2one(
        "distribution.region",
        string="Part Of",
        index=True,
        ondelete="restrict",
        check_company=True,
        help="The region this one is a part of.",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many(
        "distribution.region", "parent_id", string="Sub-regions"
    )
    manager_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="With the role Regional manager, this user works in every branch of the "
        "region and of the regions below it.",
    )
    branch_ids = fields.One2many("distribution.branch", "region_id", string="Branches")
    branch_count = fields.Integer(
        compute="_compute_branch_count",
        help="Branches of this region and of the regions below it.",
    )

    in_count = fields.Integer(
        string="On the Way In",
        compute="_compute_activity",
        help="Receipts of these branches that are not done yet, of those the user may see.",
    )
    out_count = fields.Integer(
        string="On the Way Out",
        compute="_compute_activity",
        help="Deliveries of these branches that are not done yet, as above.",
    )
    late_count = fields.Integer(
        string="Late",
        compute="_compute_activity",
        help="Transfers of these branches whose scheduled day has passed, as above.",
    )

    _code_unique = models.Constraint(
        "UNIQUE (company_id, code)",
        "The code of a region must be unique within the company.",
    )

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for region in self:
            parent = region.parent_id.complete_name
            region.complete_name = (
                f"{parent} / {region.name}" if parent else region.name
            )

    @api.depends("branch_ids", "child_ids")
    def _compute_branch_count(self):
        for region, branches in self._branches_below().items():
            region.branch_count = len(branches)

    @api.depends("branch_ids", "child_ids")
    @api.depends_context("uid")
    def _compute_activity(self):
        for region, branches in self._branches_below().items():
            region.in_count = sum(branches.mapped("in_count"))
            region.out_count = sum(branches.mapped("out_count"))
            region.late_count = sum(branches.mapped("late_count"))

    def _branches_below(self):
        """The branches of each region and of the regions below it, as {region: branches}."""
        everything = self.env["distribution.branch"].search(
            [("region_id", "child_of", self.ids)]
        )
        return {
            region: everything.filtered(
                lambda branch, key=f"/{region.id}/": (
                    key in f"/{branch.region_id.parent_path}"
                )
            )
            for region in self
        }

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._(
                    "A region cannot be a part of itself: %s.",
                    ", ".join(self.mapped("name")),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        regions = super().create(vals_list)
        self.env["res.users"]._clear_branch_rights()
        return regions

    def write(self, vals):
        result = super().write(vals)
        if {"manager_id", "parent_id", "active"} & set(vals):
            self.env["res.users"]._clear_branch_rights()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for region, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%s (copy)", region.name)
            vals["code"] = self.env._("%s-COPY", region.code)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        for region in self:
            users = region.with_context(active_test=False)
            names = users.branch_ids.mapped("name") + users.child_ids.mapped("name")
            if names:
                raise UserError(
                    self.env._(
                        "Region %(region)s is in use by %(names)s. Move them to another "
                        "region first, or archive the region.",
                        region=region.complete_name,
                        names=", ".join(names),
                    )
                )

    def action_view_branches(self):
        """Open the branches of the region and of the regions below it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_network.distribution_branch_action"
        )
        action["domain"] = [("region_id", "child_of", self.id)]
        action["context"] = {"default_region_id": self.id}
        return action
