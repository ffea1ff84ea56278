from odoo import api, fields, models

from .distribution_transfer_state import CLOSE_DAYS


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    transfer_loss_account_id = fields.Many2one(
        "account.account",
        string="Transfer Losses",
        compute="_compute_transfer_accounts",
        inverse="_inverse_transfer_loss_account_id",
        readonly=False,
        check_company=True,
        help="Expense account of goods that were lost on a transfer and are written off.",
    )
    transfer_claim_account_id = fields.Many2one(
        "account.account",
        string="Carrier Claims",
        compute="_compute_transfer_accounts",
        inverse="_inverse_transfer_claim_account_id",
        readonly=False,
        check_company=True,
        help="Account of goods that are claimed from the carrier, until the carrier pays.",
    )
    transfer_close_days = fields.Integer(
        string="Close After",
        config_parameter=CLOSE_DAYS,
        default=2,
        help="Days after the last receipt until a reconciled transfer is closed by itself. "
        "One day or more; 0 sets it back to 2.",
    )

    @api.depends("company_id")
    def _compute_transfer_accounts(self):
        for settings in self:
            company = settings.company_id
            loss, claim = (
                company.transfer_loss_location_id,
                company.transfer_claim_location_id,
            )
            settings.transfer_loss_account_id = loss.valuation_account_id
            settings.transfer_claim_account_id = claim.valuation_account_id

    def _inverse_transfer_loss_account_id(self):
        for settings in self:
            account, company = settings.transfer_loss_account_id, settings.company_id
            if account or company.transfer_loss_location_id:
                company._transfer_loss_location().valuation_account_id = account

    def _inverse_transfer_claim_account_id(self):
        for settings in self:
            account, company = settings.transfer_claim_account_id, settings.company_id
            if account or company.transfer_claim_location_id:
                company._transfer_claim_location().valuation_account_id = account
