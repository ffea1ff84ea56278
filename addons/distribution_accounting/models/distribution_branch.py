from odoo import api, fields, models, tools
from odoo.exceptions import UserError


class DistributionBranch(models.Model):
    """Each branch has an analytic account of the plan Branch: its profit and loss."""

    _inherit = "distribution.branch"

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Made with the branch. Sales, costs and everything else that the branch earns "
        "or bears is posted with it.",
    )

    _analytic_account_unique = models.Constraint(
        "UNIQUE (analytic_account_id)",
        "An analytic account can be that of one branch only.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.pop("analytic_account_id", None)  # made below, never chosen
        branches = super().create(vals_list)
        branches._ensure_analytic_accounts()
        return branches

    def write(self, vals):
        if "analytic_account_id" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "The analytic account of a branch is made with it, and stays the same."
                )
            )
        result = super().write(vals)
        if {"name", "code"} & set(vals):
            # As superuser: whoever may rename a branch renames its account.
            for branch in self.sudo():
                branch.analytic_account_id.write(branch._prepare_analytic_account())
        if {"company_id", "analytic_account_id"} & set(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        # As superuser: the account goes with its branch; one that was used is kept.
        accounts = self.sudo().analytic_account_id
        result = super().unlink()
        self.env.registry.clear_cache()
        used = self.env["account.analytic.line"].sudo()  # of whatever branch
        lines = used.search([("auto_account_id", "in", accounts.ids)], limit=1)
        if not lines:
            accounts.unlink()
        return result

    def _ensure_analytic_accounts(self):
        """Make the analytic accounts that are missing."""
        # As superuser: whoever opens a branch keeps no accounts.
        missing = self.sudo().filtered(lambda branch: not branch.analytic_account_id)
        if not missing:
            return
        accounts = missing.env["account.analytic.account"].create(
            [branch._prepare_analytic_account() for branch in missing]
        )
        for branch, account in zip(missing, accounts, strict=True):
            branch.analytic_account_id = account
        self.env.registry.clear_cache()

    def _prepare_analytic_account(self):
        self.ensure_one()
        return {
            "name": self.name,
            "code": self.code,
            "plan_id": self.env["account.analytic.plan"]._branch_plan().id,
            "company_id": self.company_id.id,
        }

    @api.model
    @tools.ormcache()
    def _analytic_map(self):
        """{id of an analytic account: (id of its branch, id of the company)}.

        Of all branches, closed ones too: what a journal item says must be read whoever
        asks. Ids alone come of it.
        """
        # As superuser: see above.
        branches = (
            self.sudo()
            .with_context(active_test=False)
            .search_fetch(
                [("analytic_account_id", "!=", False)],
                ["analytic_account_id", "company_id"],
            )
        )
        return {
            branch.analytic_account_id.id: (branch.id, branch.company_id.id)
            for branch in branches
        }

    @api.model
    @tools.ormcache()
    def _analytic_ids(self):
        """{id of a branch: id of its analytic account}."""
        return {
            branch: account for account, (branch, _c) in self._analytic_map().items()
        }
