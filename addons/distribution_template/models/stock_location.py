from odoo import fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    template_location_id = fields.Many2one(
        "distribution.template.location",
        string="Location of the Template",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        help="The location of a branch template that this one was made from.",
    )
