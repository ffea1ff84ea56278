from odoo import api, fields, models

NETWORK_ROLES = (
    "distribution_base.group_network_planner",
    "distribution_base.group_central_buyer",
    "distribution_base.group_finance_controller",
    "distribution_base.group_auditor",
    "distribution_base.group_administrator",
)
REGIONAL_MANAGER = "distribution_base.group_regional_manager"


class ResUsers(models.Model):
    _inherit = "res.users"

    branch_ids = fields.Many2many(
        "distribution.branch",
        "distribution_branch_res_users_rel",
        "user_id",
        "branch_id",
        string="Branches",
        help="Where the user works. Users with a role in the network see every branch.",
    )
    branch_restricted = fields.Boolean(
        string="Limited to Branches",
        compute="_compute_branch_restricted",
        help="The user sees and changes the documents of the allowed branches only. That "
        "holds for every internal user without a role in the network.",
    )
    allowed_branch_ids = fields.Many2many(
        "distribution.branch",
        string="Allowed Branches",
        compute="_compute_allowed_branch_ids",
        help="The branches whose documents the user sees: where the user works, manages "
        "the branch, or, as a regional manager, the region.",
    )

    @api.depends("group_ids", "share")
    def _compute_branch_restricted(self):
        for user in self:
            user.branch_restricted = (
                not user.share
                and user._is_internal()
                and not any(user.has_group(role) for role in NETWORK_ROLES)
            )

    @api.depends("branch_ids", "group_ids")
    def _compute_allowed_branch_ids(self):
        # Closed branches count: their documents are still read by those who worked there.
        Branch = self.env["distribution.branch"].sudo().with_context(active_test=False)
        everything = None
        for user in self:
            if user.branch_restricted:
                user.allowed_branch_ids = Branch.search(user._allowed_branch_domain())
            else:
                if everything is None:
                    # A network has tens of branches, not thousands.
                    everything = Branch.search([])  # pylint: disable=no-search-all
                user.allowed_branch_ids = everything

    def _allowed_branch_domain(self):
        domain = ["|", ("user_ids", "in", self.ids), ("manager_id", "in", self.ids)]
        if not self.has_group(REGIONAL_MANAGER):
            return domain
        regions = self.env["distribution.region"].sudo()  # their names are no secret
        managed = regions.search([("manager_id", "in", self.ids)])
        return ["|", ("region_id", "child_of", managed.ids), *domain]

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        if any("branch_ids" in vals for vals in vals_list):
            self._clear_branch_rights()
        return users

    def write(self, vals):
        result = super().write(vals)
        if "branch_ids" in vals:
            self._clear_branch_rights()
        return result

    @api.model
    def _clear_branch_rights(self):
        """Forget the domains of the record rules, which hold the users' branches."""
        self.env["res.users"].invalidate_model(
            ["allowed_branch_ids", "branch_restricted"]
        )
        self.env.registry.clear_cache()

    def _sole_branch(self, company):
        """The branch of `company` the user works in, where it is one only."""
        self.ensure_one()
        if not self.branch_restricted:
            return self.env["distribution.branch"]
        branches = self.allowed_branch_ids.filtered(lambda b: b.company_id == company)
        return branches if len(branches) == 1 else self.env["distribution.branch"]

    def _own_warehouse(self, company):
        """The main warehouse of the user's first branch in `company`, if he is limited."""
        if not self.branch_restricted:
            return self.env["stock.warehouse"]
        branches = self.allowed_branch_ids.filtered(
            lambda branch: branch.company_id == company and branch.active
        )
        return branches[:1].warehouse_id

    def _get_default_warehouse_id(self):
        """The own branch's warehouse, before the company's first one."""
        # A new order asks before it has a salesperson: then it is whoever makes it.
        user = self or self.env.user
        own = self.env["stock.warehouse"]
        if not user.property_warehouse_id:
            own = user._own_warehouse(self.env.company)
        return own or super()._get_default_warehouse_id()
