from odoo import fields, models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    branch_id = fields.Many2one(
        "distribution.branch",
        string="Branch",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Proposed for entries of this journal that say no branch: for the cash box or "
        "the bank account of a branch.",
    )
