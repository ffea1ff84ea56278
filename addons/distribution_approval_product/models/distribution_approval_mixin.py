from odoo import api, models


class DistributionApprovalMixin(models.AbstractModel):
    _inherit = "distribution.approval.mixin"

    @api.model
    def _approval_line_dimensions(self):
        """Lines of products can be limited to categories of them."""
        paths = super()._approval_line_dimensions()
        if "product_id" in self._approval_lines()._fields:
            paths["product_category"] = "product_id.categ_id"
        return paths
