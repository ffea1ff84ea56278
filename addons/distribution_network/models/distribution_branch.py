import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

CODE = re.compile(r"[A-Z0-9]{2,5}")


class DistributionBranch(models.Model):
    """An operating unit inside one company: people, a main warehouse, an address."""

    _name = "distribution.branch"
    _description = "Branch"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _rec_names_search = ["name", "code"]
    _order = "sequence, code, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(
        required=True,
        tracking=True,
        help="2 to 5 capital letters or digits, unique within the company. It is also the "
        "short name of the warehouse, so it begins the number of every transfer.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True,
        tracking=True,
        help="A closed branch keeps its history; its warehouses and lanes are archived.",
    )
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    region_id = fields.Many2one(
        "distribution.region",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    branch_type = fields.Selection(
        [
            ("central", "Central warehouse"),
            ("depot", "Depot"),
            ("cross_dock", "Cross-dock"),
            ("customer_site", "Customer site"),
            ("third_party", "Third party"),
        ],
        string="Type",
        required=True,
        default="depot",
        tracking=True,
        help="What the branch does in the network. A third party is a warehouse that a "
        "logistics provider runs for the company.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Address",
        ondelete="restrict",
        check_company=True,
        help="Printed on the documents of the branch, and where its goods are delivered.",
    )
    manager_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Works in this branch without being listed among its people.",
    )
    user_ids = fields.Many2many(
        "res.users",
        "distribution_branch_res_users_rel",
        "branch_id",
        "user_id",
        string="People",
        copy=False,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Users who work in this branch. Those with a branch role see and change "
        "documents of their own branches only.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Opening Hours",
        ondelete="restrict",
        check_company=True,
        default=lambda self: self.env.company.resource_calendar_id,
        help="When goods leave and arrive here. Its time zone is the branch's own. "
        "Without opening hours the branch is open every day, all day.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Main Warehouse",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        copy=False,
        help="Where the branch's stock is. Left empty, a new one is created.",
    )
    warehouse_ids = fields.One2many(
        "stock.warehouse",
        "branch_id",
        string="Warehouses",
        help="The main warehouse and any other.",
    )
    lane_out_ids = fields.One2many(
        "distribution.lane", "source_branch_id", string="Lanes Out"
    )
    lane_in_ids = fields.One2many(
        "distribution.lane", "destination_branch_id", string="Lanes In"
    )

    _code_unique = models.Constraint(
        "UNIQUE (company_id, code)",
        "The code of a branch must be unique within the company.",
    )
    _warehouse_unique = models.Constraint(
        "UNIQUE (warehouse_id)", "A warehouse can be the main one of one branch only."
    )

    @api.depends("name", "code")
    def _compute_display_name(self):
        for branch in self:
            branch.display_name = f"[{branch.code}] {branch.name}"

    @api.constrains("code")
    def _check_code(self):
        for branch in self:
            if not CODE.fullmatch(branch.code or ""):
                raise ValidationError(
                    self.env._(
                        "%(code)s cannot be the code of branch %(name)s: use 2 to 5 "
                        "capital letters or digits.",
                        code=branch.code,
                        name=branch.name,
                    )
                )

    @api.constrains("warehouse_id")
    def _check_warehouse_is_own(self):
        for branch in self:
            owner = branch.warehouse_id.branch_id
            if owner and owner != branch:
                raise ValidationError(
                    self.env._(
                        "Warehouse %(warehouse)s belongs to branch %(owner)s, so it cannot "
                        "be the main warehouse of %(branch)s.",
                        warehouse=branch.warehouse_id.name,
                        owner=owner.display_name,
                        branch=branch.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._check_codes_before_create(vals_list)
        self._check_warehouses_before_create(vals_list)
        self._create_missing_warehouses(vals_list)
        branches = super().create(vals_list)
        for branch in branches:
            branch.warehouse_id.branch_id = branch
        self.env["res.users"]._clear_branch_rights()
        return branches

    def write(self, vals):
        if "active" in vals:
            self._prepare_change_of_active(vals["active"])
        result = super().write(vals)
        if "warehouse_id" in vals:
            for branch in self:
                branch.warehouse_id.branch_id = branch
        if "code" in vals or "name" in vals:
            for branch in self:
                branch.warehouse_id.write(
                    {key: vals[key] for key in ("code", "name") if key in vals}
                )
            (self.lane_in_ids | self.lane_out_ids)._update_names()
        if {"manager_id", "user_ids", "region_id", "active"} & set(vals):
            self.env["res.users"]._clear_branch_rights()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for branch in self.with_context(active_test=False):
            if branch.lane_in_ids or branch.lane_out_ids:
                raise UserError(
                    self.env._(
                        "Branch %s has lanes. Delete them first, or close the branch.",
                        branch.display_name,
                    )
                )
            if branch._has_documents():
                raise UserError(
                    self.env._(
                        "Branch %s has stock or documents, so it is kept. Close it "
                        "instead.",
                        branch.display_name,
                    )
                )

    def _has_documents(self):
        """Whether anything was ever done in the branch."""
        env = self.sudo().env  # what was done counts also where one may not look
        models = (
            "stock.quant",
            "stock.move",
            "sale.order",
            "purchase.order",
            "account.move",
        )
        domain = [("branch_id", "in", self.ids)]
        return any(env[model].search_count(domain, limit=1) for model in models)

    def unlink(self):
        result = super().unlink()
        self.env["res.users"]._clear_branch_rights()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for branch, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%s (copy)", branch.name)
            # Taken from the record's own number: unique, and within five characters.
            vals["code"] = f"C{branch.id % 10000:04d}"
            vals["partner_id"] = False
        return vals_list

    @api.model
    def _check_codes_before_create(self, vals_list):
        """Refuse a bad or taken code before a warehouse is made for it."""
        owners = self._owners_of_codes([vals.get("code") for vals in vals_list])
        for vals in vals_list:
            company_id = vals.get("company_id") or self.env.company.id
            key = company_id, vals.get("code")
            self._check_code_is_free(vals, owners.get(key))
            owners[key] = self.env._("another line"), None

    @api.model
    def _owners_of_codes(self, codes):
        """Who has the codes, as {(company id, code): (name, id of the warehouse)}."""
        # As superuser: a code is taken also where the user may not look, but the names of
        # another company are not told.
        everywhere = self.sudo().with_context(active_test=False)
        taken = [("code", "in", codes), ("company_id", "in", self.env.companies.ids)]
        warehouses = everywhere.env["stock.warehouse"].search(taken)
        branches = everywhere.search(taken)
        return {
            (record.company_id.id, record.code): (record.name, record.id)
            for record in warehouses
        } | {
            (record.company_id.id, record.code): (record.name, None)
            for record in branches
        }

    @api.model
    def _check_code_is_free(self, vals, owner):
        code, name = vals.get("code"), vals.get("name")
        if not CODE.fullmatch(code or ""):
            raise ValidationError(
                self.env._(
                    "%(code)s cannot be the code of branch %(name)s: use 2 to 5 capital "
                    "letters or digits.",
                    code=code or self.env._("Nothing"),
                    name=name,
                )
            )
        if owner and (not owner[1] or owner[1] != vals.get("warehouse_id")):
            raise ValidationError(
                self.env._(
                    "Branch %(name)s cannot have the code %(code)s: %(owner)s has it. "
                    "Choose another code.",
                    name=name,
                    code=code,
                    owner=owner[0],
                )
            )

    @api.model
    def _check_warehouses_before_create(self, vals_list):
        ids = [vals["warehouse_id"] for vals in vals_list if vals.get("warehouse_id")]
        for warehouse in self.env["stock.warehouse"].browse(ids):
            if warehouse.branch_id:
                raise ValidationError(
                    self.env._(
                        "Warehouse %(warehouse)s belongs to branch %(owner)s already.",
                        warehouse=warehouse.name,
                        owner=warehouse.branch_id.display_name,
                    )
                )

    @api.model
    def _create_missing_warehouses(self, vals_list):
        missing = [vals for vals in vals_list if not vals.get("warehouse_id")]
        if not missing:
            return
        warehouses = self.env["stock.warehouse"].create(
            [self._prepare_warehouse_values(vals) for vals in missing]
        )
        for vals, warehouse in zip(missing, warehouses, strict=True):
            vals["warehouse_id"] = warehouse.id

    @api.model
    def _prepare_warehouse_values(self, vals):
        return {
            "name": vals.get("name"),
            "code": vals.get("code"),
            "company_id": vals.get("company_id") or self.env.company.id,
            # False, not absent: a warehouse without an address would take the company's.
            "partner_id": vals.get("partner_id") or False,
        }

    def _timezone(self):
        """The name of the branch's time zone."""
        self.ensure_one()
        return self.calendar_id.tz or self.company_id.resource_calendar_id.tz or "UTC"
