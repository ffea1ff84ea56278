from odoo import api, models

from .distributions import branch_part, with_branches


class BranchLineMixin(models.AbstractModel):
    """A line of an order, whose analytic distribution names the branch of the order."""

    _name = "distribution.branch.line.mixin"
    _description = "Order Line of a Branch"

    @api.depends("branch_id")
    def _compute_analytic_distribution(self):
        result = super()._compute_analytic_distribution()
        self._set_branch_part()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        given = [bool(vals.get("analytic_distribution")) for vals in vals_list]
        chosen = [line.id for line, has in zip(lines, given, strict=True) if has]
        self.browse(chosen)._set_branch_part()
        return lines

    def _set_branch_part(self):
        """Name the branch of the order, beside what other plans say.

        The branch of an order line is that of its order; it cannot be another one.
        """
        Branch = self.env["distribution.branch"]
        accounts, branches = Branch._analytic_ids(), Branch._analytic_map()
        for line in self:
            if line.display_type:
                continue
            account = accounts.get(line.branch_id.id)
            part = {account: 100.0} if account else {}
            now = line.analytic_distribution
            if branch_part(now, branches) != part:
                line.analytic_distribution = with_branches(now, part, branches)


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["distribution.branch.line.mixin", "sale.order.line"]


class PurchaseOrderLine(models.Model):
    _name = "purchase.order.line"
    _inherit = ["distribution.branch.line.mixin", "purchase.order.line"]
