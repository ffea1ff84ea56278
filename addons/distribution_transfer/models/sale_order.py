from odoo import api, fields, models

from .distribution_transfer_supply import CUTTABLE


class SaleOrder(models.Model):
    """The way from an order to the transfers that bring its goods."""

    _inherit = "sale.order"

    transfer_count = fields.Integer(
        string="Branch Transfers",
        compute="_compute_transfer_count",
        help="Transfers between branches that bring goods for this order.",
    )

    @api.depends_context("uid")
    def _compute_transfer_count(self):
        transfers = self._transfers()
        for order in self:
            order.transfer_count = len(transfers.get(order.id, ()))

    def _transfers(self):
        """{order id: its transfers}, as far as the user may see them."""
        Line = self.env["distribution.transfer.line"]
        if not (self.ids and Line.has_access("read")):
            return {}
        groups = Line._read_group(
            [("sale_line_id.order_id", "in", self.ids)],
            ["sale_line_id", "transfer_id"],
        )
        found = {}
        for line, transfer in groups:
            order = line.sudo().order_id  # whoever sees the transfer may count it
            found[order.id] = found.get(order.id, transfer) | transfer
        return found

    def action_view_transfers(self):
        """Open the transfers that bring goods for the order."""
        self.ensure_one()
        transfers = self._transfers().get(self.id, self.env["distribution.transfer"])
        if len(transfers) == 1:
            return transfers.get_formview_action()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_transfer.distribution_transfer_action"
        )
        action.update(name=self.name, domain=[("id", "in", transfers.ids)], context={})
        return action

    def _action_cancel(self):
        """What was to be brought for the orders, and is not shipped, is not needed."""
        result = super()._action_cancel()
        # As superuser: the sender's operations are cut as well.
        lines = self.env["distribution.transfer.line"].sudo()
        lines.search(
            [
                ("sale_line_id", "in", self.order_line.ids),
                ("state", "in", CUTTABLE),
            ]
        )._drop()
        return result
