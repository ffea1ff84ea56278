from odoo import fields, models


class DistributionApprovalRule(models.Model):
    _inherit = "distribution.approval.rule"

    product_category_ids = fields.Many2many(
        "product.category",
        "distribution_approval_rule_product_category_rel",
        string="Product Categories",
        help="Only lines of products in these categories, or in one below them, are "
        "measured. Empty: all lines.",
    )

    def _line_conditions(self):
        conditions = super()._line_conditions()
        if self.product_category_ids:
            # Below them too; categories are for everybody.
            below = self.product_category_ids.sudo().search(
                [("id", "child_of", self.product_category_ids.ids)]
            )
            conditions["product_category"] = below.ids
        return conditions
