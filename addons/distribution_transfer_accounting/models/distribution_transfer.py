from collections import defaultdict

from odoo import fields, models


class DistributionTransfer(models.Model):
    """The freight of a transfer is an accrual until the carrier's bill is there.

    What is booked follows `freight_amount` and where it comes from, whatever was validated,
    cancelled or posted again in between.
    """

    _name = "distribution.transfer"
    _inherit = ["distribution.transfer", "distribution.books.mixin"]
    _books_field = "interbranch_transfer_id"

    interbranch_entry_ids = fields.One2many(
        "account.move",
        "interbranch_transfer_id",
        string="Entries Between Branches",
        readonly=True,
        groups="account.group_account_readonly,account.group_account_invoice",
        help="What the transfer has posted: goods at the transfer price, and freight.",
    )

    def _write_freight(self, amounts, sources):
        result = super()._write_freight(amounts, sources)
        self._book_freight()
        return result

    def _book_freight(self):
        """Post what the freight of the transfers should cost now, and does not yet."""
        shares = self._freight_bill_shares()
        for company, transfers in self.grouped("company_id").items():
            kept = transfers.with_company(company)
            targets = {x: x._freight_targets(shares) for x in kept}
            kept._book("freight", targets, self.env._("Freight"))

    def _freight_targets(self, shares):
        """{(account, category, shares): balance} that the freight should have.

        :param shares: {(line of a bill, line of a transfer): amount}
        """
        self.ensure_one()
        targets = defaultdict(float)
        if self.ship_status == "no" or self.state == "cancelled":
            return targets
        company, lane = self.company_id, self.lane_id
        freight = company._interbranch_account("transfer_freight_account_id")
        bearer = lane.destination_branch_id
        if lane.freight_bearer == "source":
            bearer = lane.source_branch_id
        bears = ((bearer.id, 100.0),)
        if self.freight_source == "rule":
            accrual = company._interbranch_account("transfer_accrual_account_id")
            none = self.env["product.category"]
            parts = [
                (line, line.freight_amount, accrual, none, bears)
                for line in self.line_ids
            ]
        else:
            parts = [
                (line, amount, bill.account_id, bill.category_id, bill._book_shares())
                for (bill, line), amount in shares.items()
                if line.transfer_id == self
            ]
        for line, amount, account, category, bearing in parts:
            targets[freight, line.product_id.categ_id, bears] += amount
            targets[account, category, bearing] -= amount
        return targets
