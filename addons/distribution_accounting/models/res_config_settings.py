from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    branch_required = fields.Boolean(
        related="company_id.branch_required", readonly=False
    )
    interbranch_journal_id = fields.Many2one(
        related="company_id.interbranch_journal_id", readonly=False
    )
    interbranch_clearing_account_id = fields.Many2one(
        related="company_id.interbranch_clearing_account_id", readonly=False
    )
    interbranch_goods_account_id = fields.Many2one(
        related="company_id.interbranch_goods_account_id", readonly=False
    )
    interbranch_margin_account_id = fields.Many2one(
        related="company_id.interbranch_margin_account_id", readonly=False
    )
    interbranch_deferred_account_id = fields.Many2one(
        related="company_id.interbranch_deferred_account_id", readonly=False
    )
    transfer_freight_account_id = fields.Many2one(
        related="company_id.transfer_freight_account_id", readonly=False
    )
    transfer_accrual_account_id = fields.Many2one(
        related="company_id.transfer_accrual_account_id", readonly=False
    )
