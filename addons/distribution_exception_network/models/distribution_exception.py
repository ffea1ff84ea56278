from odoo import fields, models


class DistributionException(models.Model):
    _inherit = "distribution.exception"

    branch_id = fields.Many2one(
        "distribution.branch",
        index=True,
        readonly=True,
        ondelete="cascade",
        help="The branch that has to act; none where the whole company has to.",
    )
    region_id = fields.Many2one(
        "distribution.region",
        index=True,
        readonly=True,
        ondelete="set null",
        help="The region of the branch.",
    )
    category_id = fields.Many2one(
        "product.category",
        string="Product Category",
        readonly=True,
        ondelete="set null",
    )

    def _notice_timezone(self, audience):
        """Customer service is told in the time zone of its branch."""
        if audience != "customer" and self.branch_id:
            return self.branch_id._timezone()
        return super()._notice_timezone(audience)
