from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.distribution_network.models.distribution_branch import CODE

ADDRESS = ("street", "street2", "zip", "city", "state_id", "country_id", "phone")
# What decides what is done; frozen once it is done.
INPUT = frozenset(
    {
        "template_id",
        "name",
        "code",
        "region_id",
        "company_id",
        "manager_id",
        "source_branch_id",
        "person_ids",
        "branch_id",
        *ADDRESS,
    }
)
# What the buttons write, and nobody else.
PROGRESS = frozenset(
    {"state", "line_ids", "is_new_branch", "applied_date", "applied_by_id"}
)


class DistributionBranchOpening(models.Model):
    """What is entered to open a branch, and what of it is refused."""

    _inherit = "distribution.branch.opening"

    template_id = fields.Many2one(
        "distribution.template",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="What the branch is made of.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    branch_id = fields.Many2one(
        "distribution.branch",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        copy=False,
        help="Left empty, a new branch is opened. Choose a branch to bring the "
        "template to one that exists, such as a branch of an acquired company.",
    )
    is_new_branch = fields.Boolean(readonly=True, copy=False)
    name = fields.Char(required=True, help="The name of the branch and its warehouse.")
    code = fields.Char(
        required=True,
        copy=False,
        help="2 to 5 capital letters or digits, unique within the company. It begins "
        "the number of every transfer of the branch.",
    )
    region_id = fields.Many2one(
        "distribution.region", required=True, ondelete="restrict", check_company=True
    )
    manager_id = fields.Many2one(
        "res.users",
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Runs the branch. A job below gives the role of a branch manager.",
    )
    source_branch_id = fields.Many2one(
        "distribution.branch",
        compute="_compute_source_branch_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        check_company=True,
        help="Where the goods come from: the other end of the template's lanes from "
        "and to branches of its type. The company's only central branch by default.",
    )
    person_ids = fields.One2many(
        "distribution.branch.opening.person",
        "opening_id",
        string="People",
        copy=False,
        help="Who works in the branch. Each gets the role of the job.",
    )
    street = fields.Char()
    street2 = fields.Char()
    zip = fields.Char()
    city = fields.Char()
    state_id = fields.Many2one(
        "res.country.state", domain="[('country_id', '=?', country_id)]"
    )
    country_id = fields.Many2one(
        "res.country", default=lambda self: self.env.company.country_id
    )
    phone = fields.Char()

    @api.depends("company_id", "branch_id", "template_id")
    def _compute_source_branch_id(self):
        central = self.env["distribution.branch"].search(
            [
                ("branch_type", "=", "central"),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        for opening in self:
            if opening.state in ("applied", "undone"):
                continue
            found = central.filtered(lambda b, o=opening: b.company_id == o.company_id)
            found -= opening.branch_id
            has_lanes = opening.template_id.lane_ids
            opening.source_branch_id = found if len(found) == 1 and has_lanes else False

    @api.onchange("branch_id")
    def _onchange_branch_id(self):
        if self.branch_id:
            self.update(self._prepare_values_of_branch(self.branch_id))

    @api.onchange("code")
    def _onchange_code(self):
        self.code = self.code and self.code.strip().upper()

    @api.model
    def _prepare_values_of_branch(self, branch):
        return {
            "name": branch.name,
            "code": branch.code,
            "region_id": branch.region_id.id,
            "company_id": branch.company_id.id,
            "manager_id": branch.manager_id.id,
        }

    # --- checks -----------------------------------------------------------------------

    @api.constrains("code", "name")
    def _check_code(self):
        for opening in self:
            if not CODE.fullmatch(opening.code or ""):
                raise ValidationError(
                    self.env._(
                        "%(code)s cannot be the code of branch %(name)s: use 2 to 5 "
                        "capital letters or digits.",
                        code=opening.code,
                        name=opening.name,
                    )
                )

    @api.constrains("code", "company_id", "branch_id", "state")
    def _check_code_is_free(self):
        """Name what has the code: a branch, a warehouse, or another opening."""
        pending = self.filtered(lambda o: o.state in ("draft", "previewed"))
        if not pending:
            return
        owners = pending._owners_of_codes()
        for opening in pending:
            owner = owners.get((opening.company_id, opening.code), {}).get(opening)
            if owner:
                raise ValidationError(
                    self.env._(
                        "Branch %(name)s cannot have the code %(code)s: %(owner)s has "
                        "it. Choose another code.",
                        name=opening.name,
                        code=opening.code,
                        owner=owner,
                    )
                )

    def _owners_of_codes(self):
        """{(company, code): {opening: what else has the code}}"""
        codes = self.mapped("code")
        owners = {}
        for model in ("distribution.branch", "stock.warehouse", self._name):
            domain = [("code", "in", codes), ("company_id", "in", self.company_id.ids)]
            if model == self._name:
                domain.append(("state", "in", ("draft", "previewed")))
            # As superuser: a code is taken also where the user may not look.
            records = self.env[model].sudo().with_context(active_test=False)
            for record in records.search(domain):
                key = (record.company_id, record.code)
                for opening in self.filtered(
                    lambda o, k=key: (o.company_id, o.code) == k
                ):
                    if not opening._is_same_branch(record):
                        text = opening._owner_text(record)
                        owners.setdefault(key, {}).setdefault(opening, text)
        return owners

    def _is_same_branch(self, record):
        return (
            record == self
            or record == self.branch_id
            or (
                record._name == "stock.warehouse"
                and record in self.branch_id.warehouse_ids
            )
        )

    def _owner_text(self, record):
        kinds = {
            "distribution.branch": self.env._("branch %s", record.name),
            "stock.warehouse": self.env._("warehouse %s", record.name),
            self._name: self.env._("the opening of %s", record.name),
        }
        return kinds[record._name]

    @api.constrains("name", "company_id", "branch_id", "state")
    def _check_name_is_free(self):
        """A warehouse gets the name of its branch, and may not share it."""
        pending = self.filtered(lambda o: o.state in ("draft", "previewed"))
        if not pending:
            return
        # As superuser: a name is taken also where the user may not look.
        warehouses = self.env["stock.warehouse"].sudo().with_context(active_test=False)
        taken = warehouses.search(
            [
                ("name", "in", pending.mapped("name")),
                ("company_id", "in", pending.company_id.ids),
            ]
        )
        for opening in pending.filtered(lambda o: not o.branch_id):
            owner = taken.filtered(
                lambda w, o=opening: w.name == o.name and w.company_id == o.company_id
            )
            if owner:
                raise ValidationError(
                    self.env._(
                        "A warehouse with the name %(name)s exists already, with the "
                        "code %(code)s. Choose another name for the branch.",
                        name=opening.name,
                        code=owner[:1].code,
                    )
                )

    @api.constrains("manager_id", "company_id")
    def _check_manager(self):
        # The manager of a branch that exists is not this opening's business.
        for opening in self.filtered(lambda o: o.manager_id and not o.branch_id):
            opening._check_user(opening.manager_id)

    @api.constrains("template_id")
    def _check_people(self):
        self.person_ids._check_job()

    def _check_user(self, user):
        """Refuse who cannot work in the branch, saying why."""
        self.ensure_one()
        user = user.sudo()  # companies of a user are shown to administrators alone
        reasons = [
            (
                not user.active or user.share,
                self.env._("not an active user of the company's own staff"),
            ),
            (
                self.company_id not in user.company_ids,
                self.env._("not a user of company %s", self.company_id.name),
            ),
            (not user.email, self.env._("without an email address")),
        ]
        for applies, reason in reasons:
            if applies:
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot work in branch %(branch)s: the user is "
                        "%(reason)s. Correct the user, or choose another.",
                        user=user.name,
                        branch=self.name,
                        reason=reason,
                    )
                )

    # --- writing ----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """For a branch that exists, its own name, code and region are taken."""
        self._check_only_input(vals_list)
        Branch = self.env["distribution.branch"]
        vals_list = [
            {**self._prepare_values_of_branch(Branch.browse(vals["branch_id"])), **vals}
            if vals.get("branch_id")
            else vals
            for vals in vals_list
        ]
        return super().create(vals_list)

    def write(self, vals):
        self._check_only_input([vals])
        touched = INPUT & set(vals)
        frozen = self.filtered(lambda o: o.state in ("applied", "undone"))
        if touched and frozen:
            raise UserError(
                self.env._(
                    "The opening of %s was carried out, so what was entered is kept. "
                    "Open another one to apply another template.",
                    frozen[0].name,
                )
            )
        stale = self.filtered(lambda o: o.state == "previewed")
        result = super().write(vals)
        if touched and stale:
            stale.line_ids.unlink()
            stale._advance({"state": "draft"})
        return result

    def _advance(self, vals):
        """Write what only the actions of the opening may write."""
        return super().write(vals)

    @api.model
    def _check_only_input(self, vals_list):
        for vals in vals_list:
            given = sorted(PROGRESS & set(vals))
            if given:
                raise AccessError(
                    self.env._(
                        "How far an opening is follows from its buttons: %s cannot be "
                        "written.",
                        ", ".join(given),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        for opening in self.filtered(lambda o: o.state == "applied"):
            raise UserError(
                self.env._(
                    "The opening of %s is applied. Undo it before you delete it.",
                    opening.name,
                )
            )

    # --- values -----------------------------------------------------------------------

    def _prepare_branch_values(self):
        """What only the opening decides; the branch may change it afterwards."""
        return {"region_id": self.region_id.id, "manager_id": self.manager_id.id}

    def _prepare_address_values(self):
        values = {}
        for name in ADDRESS:
            field = self._fields[name]
            values[name] = field.convert_to_write(self[name], self)
        return values
