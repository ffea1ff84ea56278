from odoo import api, fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    _inherit = "stock.picking"

    transfer_id = fields.Many2one(
        "distribution.transfer",
        string="Governing Transfer",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The transfer between branches that this operation is part of.",
    )
    transfer_unloaded = fields.Boolean(
        readonly=True,
        help="The truck was unloaded: what this receipt still expects is missing.",
    )
    transfer_leg = fields.Selection(
        [("ship", "Ship"), ("receive", "Receive"), ("return", "Return")],
        compute="_compute_transfer_leg",
        help="Whether the operation loads the truck, unloads it, or takes goods back.",
    )

    def _compute_transfer_leg(self):
        for picking in self:
            transfer, leg = picking.transfer_id, False
            if transfer and picking.location_dest_id.lane_id:
                leg = "ship"
            elif transfer and picking.location_id.lane_id:
                back = picking.branch_id == transfer.source_branch_id
                leg = "return" if back else "receive"
            picking.transfer_leg = leg

    @api.model_create_multi
    def create(self, vals_list):
        # A backorder is of the transfer of what it was split from.
        copied = any(vals.get("backorder_id") for vals in vals_list)
        if not (self.env.su or copied):
            self._ensure_not_typed({name for vals in vals_list for name in vals})
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._ensure_not_typed(vals.keys())
        return super().write(vals)

    def _ensure_not_typed(self, names):
        typed = {"transfer_id", "transfer_unloaded"} & set(names)
        if typed:
            raise UserError(
                self.env._(
                    "Operations of a transfer are made by the transfer. Request one along "
                    "the lane that the goods shall travel."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_transfer(self):
        kept = self.filtered(lambda picking: picking.transfer_id)
        if kept and not self.env.su:
            raise UserError(
                self.env._(
                    "%(picking)s is part of %(transfer)s and is kept. Cancel it, or the "
                    "transfer.",
                    picking=kept[0].name,
                    transfer=kept[0].transfer_id.name,
                )
            )

    def button_validate(self):
        """Tell the second of two who validate at once what the first did."""
        for picking in self.filtered("transfer_id"):
            if picking.state == "done":
                raise UserError(
                    self.env._(
                        "%(picking)s of %(transfer)s is done already, by %(user)s.",
                        picking=picking.name,
                        transfer=picking.transfer_id.name,
                        # The colleague may work in a branch that the user does not see.
                        user=picking.sudo().write_uid.name,
                    )
                )
            if picking.state == "cancel":
                raise UserError(
                    self.env._(
                        "%(picking)s of %(transfer)s was cancelled.",
                        picking=picking.name,
                        transfer=picking.transfer_id.name,
                    )
                )
        return super().button_validate()

    def action_view_transfer(self):
        """Open the transfer of the operation."""
        self.ensure_one()
        return self.transfer_id.get_formview_action()
