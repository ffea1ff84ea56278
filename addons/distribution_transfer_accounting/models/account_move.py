from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    interbranch_transfer_id = fields.Many2one(
        "distribution.transfer",
        string="For Transfer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The transfer whose goods or freight the entry posts.",
    )

    def _interbranch_fields(self):
        return super()._interbranch_fields() | {"interbranch_transfer_id"}
