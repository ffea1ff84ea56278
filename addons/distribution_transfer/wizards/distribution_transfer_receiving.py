from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class DistributionTransferReceiving(models.TransientModel):
    """What arrived with a truck, as it is told at the dock.

    Nothing is written to stock before it is confirmed; then `stock.picking.action_unload`
    receives what arrived and records what is different.
    """

    _name = "distribution.transfer.receiving"
    _description = "Receive a Transfer"
    _inherit = ["barcodes.barcode_events_mixin"]

    picking_id = fields.Many2one(
        "stock.picking",
        string="Receipt",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    transfer_id = fields.Many2one(related="picking_id.transfer_id")
    source_branch_id = fields.Many2one(related="transfer_id.source_branch_id")
    carrier_id = fields.Many2one(related="transfer_id.carrier_id")
    line_ids = fields.One2many(
        "distribution.transfer.receiving.line",
        "receiving_id",
        string="Product",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    barcode = fields.Char(
        string="Scan",
        store=False,
        help="The barcode of a product or a lot: each scan counts one.",
    )
    is_counting = fields.Boolean(
        string="Counted by Scanner",
        help="Received quantities began at zero, and each scan adds one.",
    )
    is_done = fields.Boolean(readonly=True)
    difference_count = fields.Integer(
        compute="_compute_difference_count",
        help="Lines on which something is different from what was shipped.",
    )

    @api.depends("picking_id")
    def _compute_line_ids(self):
        for receiving in self:
            receiving.picking_id.move_ids._read_chains()
            receiving.line_ids = [
                Command.clear(),
                *(
                    Command.create(values)
                    for move in receiving.picking_id.move_ids
                    for values in receiving._prepare_lines(move)
                ),
            ]

    @api.model
    def _prepare_lines(self, move):
        """Values of the lines of a move: one for each lot that is on the road."""
        unit = move.product_id.uom_id
        return [
            {
                "move_id": move.id,
                "product_id": move.product_id.id,
                "shipped_lot_id": lot.id,
                "lot_id": lot.id,
                "expected_qty": expected,
                "received_qty": expected,
            }
            for lot, quantity in move._on_the_road().items()
            if unit.compare(quantity, 0) > 0
            for expected in [
                unit._compute_quantity(
                    quantity, move.product_uom, rounding_method="HALF-UP"
                )
            ]
        ]

    @api.depends("line_ids.difference")
    def _compute_difference_count(self):
        for receiving in self:
            different = receiving.line_ids.filtered("difference")
            receiving.difference_count = len(different)

    @api.depends("transfer_id")
    def _compute_display_name(self):
        for receiving in self:
            receiving.display_name = self.env._(
                "Receive %s", receiving.transfer_id.name or ""
            )

    @api.model_create_multi
    def create(self, vals_list):
        ids = {vals["picking_id"] for vals in vals_list if vals.get("picking_id")}
        for picking in self.env["stock.picking"].browse(ids):
            picking.check_access("read")
            if picking.transfer_id:
                picking.transfer_id._ensure_side("destination")
            picking._ensure_unloadable()
        return super().create(vals_list)

    # Scanning.

    def on_barcode_scanned(self, barcode):
        """A scanner was used anywhere on the screen."""
        return self._scan(barcode)

    @api.onchange("barcode")
    def _onchange_barcode(self):
        barcode, self.barcode = self.barcode, False
        return self._scan(barcode) if barcode else None

    def _scan(self, barcode):
        """Count one up; returns the warning that the client shows, if there is one."""
        barcode = barcode.strip()
        if barcode == self.transfer_id.name:
            return None
        line = self._find_line(barcode)
        if not line:
            line = self._add_stranger(barcode)
        if not line:
            return self._scan_warning(barcode)
        if not self.is_counting:
            self.is_counting = True
            (self.line_ids - line).received_qty = 0.0
            line.received_qty = 1.0
        else:
            line.received_qty += 1.0
        return None

    def _find_line(self, barcode):
        """The line of a lot or product; where there are several, one that is not full."""
        found = self.line_ids.filtered(lambda line: line.lot_id.name == barcode)
        found = found or self.line_ids.filtered(
            lambda line: (
                barcode in (line.product_id.barcode, line.product_id.default_code)
            )
        )
        open_ones = found.filtered(
            lambda line: not self.is_counting or line.received_qty < line.expected_qty
        )
        return (open_ones or found)[:1]

    def _add_stranger(self, barcode):
        """A line for a product that is not on the truck's list; empty if unknown."""
        known = self.line_ids
        code = Domain("barcode", "=", barcode) | Domain("default_code", "=", barcode)
        product = self.env["product.product"].search(
            code & Domain("is_storable", "=", True), limit=1
        )
        if product:
            self.line_ids = [Command.create({"product_id": product.id})]
        return self.line_ids - known

    def _scan_warning(self, barcode):
        return {
            "warning": {
                "type": "notification",
                "title": self.env._("Not counted"),
                "message": self.env._(
                    "No product or lot has the barcode %s. Look for the product in the "
                    "list, or add it as one that is not on the list.",
                    barcode,
                ),
            }
        }

    # The end.

    def action_receive_all(self):
        """Everything arrived in good order: receive what was shipped."""
        self.ensure_one()
        self.line_ids.filtered(lambda line: not line.move_id).unlink()
        for line in self.line_ids:
            line._reset()
        return self.action_confirm()

    def action_confirm(self):
        """Receive what arrived, record the differences, and open the transfer.

        :raises UserError: a line is nonsense, or somebody else was first
        """
        self.ensure_one()
        if self.is_done:
            raise UserError(
                self.env._("%s is received already.", self.transfer_id.name)
            )
        entries = [entry for line in self.line_ids for entry in line._entries()]
        found = self.picking_id.action_unload(entries)
        found._adopt_photos()
        self.is_done = True
        return self._summary(found)

    def _summary(self, found):
        lines = self.line_ids.filtered("move_id")
        complete = lines.filtered(lambda line: not line.difference)
        message = self.env._(
            "%(complete)s of %(count)s lines complete, %(found)s discrepancies recorded.",
            complete=len(complete),
            count=len(lines),
            found=len(found),
        )
        if not found:
            message = self.env._("All %s lines complete.", len(lines))
        transfer = self.transfer_id.get_formview_action()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if found else "success",
                "title": self.transfer_id.name,
                "message": message,
                "next": {**transfer, "target": "main"},
            },
        }
