from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    branch_id = fields.Many2one(
        "distribution.branch",
        check_company=True,
        index="btree_not_null",
        help="The branch of the invoices that are paid, where it is one. Discounts and "
        "differences of the payment are posted to it.",
    )

    def _generate_move_vals(
        self, write_off_line_vals=None, force_balance=None, line_ids=None
    ):
        values = super()._generate_move_vals(
            write_off_line_vals, force_balance, line_ids
        )
        if self.branch_id:
            values["branch_id"] = self.branch_id.id
        return values
