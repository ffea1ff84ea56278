from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from .distribution_transfer import LIVE
from .own import own, owned, require_own

BILLS = ("in_invoice", "in_receipt")
# Those who may read transfers; whoever only books bills cannot follow the link.
READERS = ",".join(
    (
        "stock.group_stock_user",
        "distribution_base.group_branch_operator",
        "distribution_base.group_network_planner",
        "distribution_base.group_central_buyer",
        "distribution_base.group_finance_controller",
        "distribution_base.group_auditor",
    )
)


class AccountMove(models.Model):
    """Vendor bills for the transport of transfers."""

    _inherit = "account.move"

    freight_transfer_count = fields.Integer(
        string="Transfers with Freight",
        compute="_compute_freight_transfer_count",
        help="Transfers between branches whose transport this bill is for.",
    )

    def _compute_freight_transfer_count(self):
        # As superuser: how many there are is no secret of those who may read them.
        for move in self.sudo():
            move.freight_transfer_count = len(
                move.invoice_line_ids.freight_transfer_ids
            )

    def write(self, vals):
        """What is posted counts; what is taken back does not."""
        result = super().write(vals)
        if "state" in vals:
            self._refresh_freight()
        return result

    def _refresh_freight(self):
        """Bring the freight of the transfers up to date that these bills are for."""
        bills = self.sudo().filtered(  # whoever posts bills need not see transfers
            lambda move: move.move_type in (*BILLS, "in_refund")
        )
        bills |= bills.reversed_entry_id
        if not bills:
            return
        transfers = self.env["distribution.transfer"].sudo()  # as above
        transfers = transfers.search(
            [("freight_bill_line_ids.move_id", "in", bills.ids)]
        )
        if transfers:
            transfers._set_freight()

    def action_assign_freight(self):
        """Open the choice of the transfers that this bill is for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_transfer.distribution_freight_assign_action"
        )
        lines = self.invoice_line_ids.filtered(lambda line: line._is_freight_line())
        action["context"] = {
            "default_bill_line_ids": lines.ids,
            "default_transfer_ids": lines.freight_transfer_ids.ids,
            "default_company_id": self.company_id.id,
        }
        return action

    def action_view_freight_transfers(self):
        """Open the transfers that this bill is for."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Transfers: %s", self.name),
            "res_model": "distribution.transfer",
            "view_mode": "list,form",
            "domain": [("id", "in", self.invoice_line_ids.freight_transfer_ids.ids)],
        }


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    freight_transfer_ids = fields.Many2many(
        "distribution.transfer",
        "distribution_transfer_freight_bill_rel",
        "move_line_id",
        "transfer_id",
        string="Transfers",
        readonly=True,
        copy=False,
        groups=READERS,
        help="The transfers between branches whose transport this line is for.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            require_own(self, vals, {"freight_transfer_ids"})
        return super().create(vals_list)

    def write(self, vals):
        require_own(self, vals, {"freight_transfer_ids"})
        lines = own(self, False) if owned(self) else self
        return super(AccountMoveLine, lines).write(vals)

    def _is_freight_line(self):
        """Whether it may be for the transport of transfers: a line of a posted bill."""
        self.ensure_one()
        return (
            self.move_type in BILLS
            and self.parent_state == "posted"
            and self.display_type == "product"
        )

    def _freight_net_amounts(self):
        """{line: its untaxed amount in company currency, less what was credited}.

        0 where the bill is not posted. A credit note for a part of the bill lowers each of
        its lines by that part.
        """
        factors = {}
        for bill in self.move_id:
            total = abs(bill.amount_untaxed_signed)
            credited = sum(
                abs(note.amount_untaxed_signed)
                for note in bill.reversal_move_ids
                if note.state == "posted"
            )
            counts = bill.state == "posted" and total
            factors[bill] = max(1.0 - credited / total, 0.0) if counts else 0.0
        return {
            line: line.company_currency_id.round(line.balance * factors[line.move_id])
            for line in self
        }

    def assign_freight(self, transfer_ids):
        """Say which transfers these lines of vendor bills are for.

        Their untaxed amounts are shared among the transfers and replace what the rules of
        the lanes say. None at all takes the lines back.

        :param transfer_ids: ids of all transfers that each of the lines is for
        :raises AccessError: the user does not keep the books
        :raises UserError: a line or a transfer does not fit, with the reason
        """
        transfers = self.env["distribution.transfer"].browse(transfer_ids)
        self._ensure_can_assign_freight(transfers)
        # As superuser: a posted bill is changed, though nothing that was posted.
        lines = own(self.sudo())
        before = lines.freight_transfer_ids
        lines.write({"freight_transfer_ids": [Command.set(transfers.ids)]})
        (before | transfers)._set_freight()
        return True

    def _ensure_can_assign_freight(self, transfers):
        if not (
            self.env.su or self.env.user.has_group("account.group_account_invoice")
        ):
            raise AccessError(
                self.env._("Freight bills are assigned by those who keep the books.")
            )
        self.check_access("write")
        transfers.check_access("read")
        for line in self:
            if not line._is_freight_line():
                raise UserError(
                    self.env._(
                        "%s is not a line of a posted vendor bill. Post the bill first; "
                        "a credit note counts by itself, through its bill.",
                        line.display_name,
                    )
                )
            foreign = transfers.filtered(lambda x, c=line.company_id: x.company_id != c)
            if foreign:
                raise UserError(
                    self.env._(
                        "%(transfer)s is of another company than %(bill)s.",
                        transfer=foreign[0].name,
                        bill=line.move_id.display_name,
                    )
                )
            now = line.sudo().freight_transfer_ids  # of any branch
            self._ensure_takes_freight((now | transfers) - (now & transfers))

    def _ensure_takes_freight(self, transfers):
        for transfer in transfers:
            if transfer.state not in LIVE:
                raise UserError(
                    self.env._(
                        "%(transfer)s is %(state)s, so its freight cannot be changed. "
                        "Freight bills are for transfers from their approval until they "
                        "are closed.",
                        transfer=transfer.name,
                        state=transfer._state_label(),
                    )
                )
