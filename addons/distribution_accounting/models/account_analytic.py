from odoo import api, models, tools
from odoo.exceptions import UserError

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


class AccountAnalyticPlan(models.Model):
    _inherit = "account.analytic.plan"

    @api.model
    def _branch_plan(self):
        """The plan whose accounts are those of the branches."""
        # As superuser: everybody who sells or buys needs it, few may read plans.
        plans = self.sudo()
        xmlid = "distribution_accounting.analytic_plan_branch"
        return plans.browse(plans.env["ir.model.data"]._xmlid_to_res_id(xmlid))

    @api.model
    @tools.ormcache()
    def _branch_column(self):
        """The column of analytic items that has the account of the branch."""
        return self._branch_plan()._column_name()

    def write(self, vals):
        if vals.get("parent_id") and self._branch_plan() in self:
            raise UserError(
                self.env._(
                    "The plan of the branches is a plan of its own: it cannot be put "
                    "under another one."
                )
            )
        return super().write(vals)

    def unlink(self):
        # Before Odoo takes the columns of the plan away.
        # pylint: disable=no-raise-unlink; a check of @api.ondelete would come too late
        uninstalling = self.env.context.get(MODULE_UNINSTALL_FLAG)
        if not uninstalling and self._branch_plan() in self:
            raise UserError(
                self.env._(
                    "The plan of the branches cannot be deleted: every journal item of "
                    "sales and costs says its branch by it."
                )
            )
        return super().unlink()


class AccountAnalyticAccount(models.Model):
    """The account of a branch lives as long as the branch."""

    _inherit = "account.analytic.account"

    def exists(self):
        """Accounts of branches are there as long as the branch, so nobody has to look.

        Odoo asks anew for each item that it posts.
        """
        of_branches = self.env["distribution.branch"]._analytic_map()
        if self._ids and of_branches.keys() >= set(self._ids):
            return self
        return super().exists()

    def _branches(self):
        # As superuser: also accounts of branches that the user does not see are kept.
        Branch = self.env["distribution.branch"].sudo().with_context(active_test=False)
        return Branch.search([("analytic_account_id", "in", self.ids)])

    def write(self, vals):
        if not vals.get("active", True) or {"plan_id", "company_id"} & set(vals):
            self._ensure_not_of_branches(vals)
        return super().write(vals)

    def _ensure_not_of_branches(self, vals):
        for branch in self._branches():
            account = branch.analytic_account_id
            same = all(
                vals[name] == account[name].id
                for name in ("plan_id", "company_id")
                if name in vals
            )
            if not same or not vals.get("active", True):
                raise UserError(
                    self.env._(
                        "%(account)s is the analytic account of branch %(branch)s: it "
                        "stays active, in its plan and its company, as long as there is "
                        "the branch.",
                        account=account.display_name,
                        branch=branch.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_branches(self):
        for branch in self._branches():
            raise UserError(
                self.env._(
                    "%(account)s is the analytic account of branch %(branch)s, so it "
                    "cannot be deleted.",
                    account=branch.analytic_account_id.display_name,
                    branch=branch.display_name,
                )
            )
