from odoo import api, fields, models
from odoo.exceptions import UserError

QUANTITIES = ("received_qty", "damaged_qty", "refused_qty", "other_qty")


class DistributionTransferReceivingLine(models.TransientModel):
    """A product, or a lot of it, that was expected or has arrived."""

    _name = "distribution.transfer.receiving.line"
    _description = "Received Product"

    receiving_id = fields.Many2one(
        "distribution.transfer.receiving", required=True, ondelete="cascade"
    )
    move_id = fields.Many2one(
        "stock.move",
        readonly=True,
        ondelete="cascade",
        help="What it receives; empty for a product that is not on the transfer.",
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        domain="[('is_storable', '=', True)]",
        ondelete="cascade",
    )
    tracking = fields.Selection(related="product_id.tracking")
    product_uom_id = fields.Many2one(
        "uom.uom", string="Unit", compute="_compute_product_uom_id"
    )
    shipped_lot_id = fields.Many2one("stock.lot", readonly=True, ondelete="cascade")
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot That Arrived",
        domain="[('product_id', '=', product_id)]",
        ondelete="cascade",
        help="Change it if another lot arrived than the one shipped.",
    )
    expected_qty = fields.Float(
        string="Expected",
        digits="Product Unit",
        readonly=True,
        help="What is on the road for this receipt.",
    )
    received_qty = fields.Float(
        string="Received",
        digits="Product Unit",
        help="What arrived of this product and stays here, damaged or not.",
    )
    damaged_qty = fields.Float(
        string="Damaged",
        digits="Product Unit",
        help="How much of what was received is damaged. It is put aside.",
    )
    refused_qty = fields.Float(
        string="Refused",
        digits="Product Unit",
        help="What went back with the truck. It is not received, and stays in transit.",
    )
    other_product_id = fields.Many2one(
        "product.product",
        string="Another Product",
        domain="[('is_storable', '=', True), ('id', '!=', product_id)]",
        ondelete="cascade",
        help="What arrived instead of this product.",
    )
    other_qty = fields.Float(
        string="Of It",
        digits="Product Unit",
        help="How much of the other product arrived instead of this one.",
    )
    fault = fields.Selection(
        lambda self: self.env["distribution.transfer.discrepancy"]
        ._fields["fault"]
        ._description_selection(self.env),
        string="Whose Fault",
        help="If it is known who is at fault for the difference.",
    )
    note = fields.Text(string="What Was Seen")
    photo_ids = fields.Many2many(
        "ir.attachment",
        "distribution_transfer_receiving_photo_rel",
        "line_id",
        "attachment_id",
        string="Photos",
        help="Photos of the difference, or of the consignment note.",
    )
    difference = fields.Char(
        compute="_compute_difference",
        help="What is different from what was shipped; empty if nothing is.",
    )

    @api.depends("move_id", "product_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.move_id.product_uom or line.product_id.uom_id

    @api.depends(
        "expected_qty",
        *QUANTITIES,
        "other_product_id",
        "lot_id",
        "shipped_lot_id",
        "move_id",
    )
    def _compute_difference(self):
        for line in self:
            line.difference = ", ".join(line._differences())

    def _differences(self):
        """What is different, in a few words each."""
        env = self.env
        found, unit = [], self.product_uom_id
        arrived = self.received_qty + self.refused_qty + self.other_qty
        gap = self.expected_qty - arrived

        def say(text, quantity):
            if unit and unit.compare(quantity, 0) > 0:
                found.append(text)

        say(env._("%s missing", f"{gap:g}"), gap)
        say(env._("%s too many", f"{-gap:g}"), -gap)
        say(env._("%s damaged", f"{self.damaged_qty:g}"), self.damaged_qty)
        say(env._("%s refused", f"{self.refused_qty:g}"), self.refused_qty)
        say(env._("%s of another product", f"{self.other_qty:g}"), self.other_qty)
        if self._is_other_lot() and self.received_qty:
            found.append(env._("another lot"))
        return found

    def _is_other_lot(self):
        return bool(self.move_id and self.lot_id and self.lot_id != self.shipped_lot_id)

    @api.onchange("refused_qty", "other_qty")
    def _onchange_not_received(self):
        """What was refused, or was another product, is not received."""
        kept = max(self.expected_qty - self.refused_qty - self.other_qty, 0.0)
        if self.move_id and self.received_qty > kept:
            self.received_qty = kept

    def _reset(self):
        """It arrived as it was shipped."""
        self.write(
            {
                "received_qty": self.expected_qty,
                "lot_id": self.shipped_lot_id.id,
                "other_product_id": False,
                **dict.fromkeys(QUANTITIES[1:], 0.0),
            }
        )

    # What the engine is told.

    def _entries(self):
        """The entries for `stock.picking.action_unload`.

        :raises UserError: the line is nonsense
        """
        self.ensure_one()
        self._ensure_sense()
        if not self.move_id:
            nothing = self.product_uom_id.is_zero(self.received_qty)
            return [] if nothing else [self._prepare_entry(quantity=self.received_qty)]
        good = self.received_qty - self.damaged_qty
        entry = self._prepare_entry(quantity=good, damaged=self.damaged_qty)
        held = {
            "refused": self.refused_qty,
            "swapped": self.other_qty,
            "other_product_id": self.other_product_id.id,
        }
        if not self._is_other_lot():
            return [{**entry, **held}]
        # What was not received is of the lot that was shipped.
        rest = {**self._prepare_entry(), **held, "lot_id": self.shipped_lot_id.id}
        return [entry, rest] if self.refused_qty or self.other_qty else [entry]

    def _prepare_entry(self, **quantities):
        lot = self.lot_id or self.shipped_lot_id
        return {
            "move_id": self.move_id.id,
            "lot_id": lot.id,
            "other_product_id": not self.move_id and self.product_id.id,
            "note": self.note,
            "fault": self.fault,
            "photo_ids": self.photo_ids.ids,
            **quantities,
        }

    def _ensure_sense(self):
        """:raises UserError: saying what is wrong, and what to do"""
        problem = self._find_problem()
        if problem:
            raise UserError(
                self.env._(
                    "%(product)s: %(problem)s",
                    product=self.product_id.display_name,
                    problem=problem,
                )
            )

    def _find_problem(self):
        env, unit = self.env, self.product_uom_id
        if any(unit.compare(self[name], 0) < 0 for name in QUANTITIES):
            return env._("quantities cannot be negative.")
        if self.lot_id and self.lot_id.product_id != self.product_id:
            return env._(
                "lot %(lot)s is one of %(other)s. Choose a lot of this product.",
                lot=self.lot_id.name,
                other=self.lot_id.product_id.display_name,
            )
        if self.tracking == "serial" and unit.compare(self.received_qty, 1) > 0:
            return env._("a serial number is of one piece. Add a line for another one.")
        return self._find_problem_expected() if self.move_id else self._find_stranger()

    def _find_problem_expected(self):
        env, unit = self.env, self.product_uom_id
        if unit.compare(self.damaged_qty, self.received_qty) > 0:
            return env._(
                "%(damaged)s are damaged, and %(received)s were received. What is "
                "damaged is part of what was received; what went back with the truck is "
                "refused.",
                damaged=f"{self.damaged_qty:g}",
                received=f"{self.received_qty:g}",
            )
        swapped = not unit.is_zero(self.other_qty)
        if swapped != bool(self.other_product_id):
            return env._("say which product arrived instead, and how much of it.")
        held = self.refused_qty + self.other_qty
        if held and unit.compare(self.received_qty + held, self.expected_qty) > 0:
            return env._(
                "%(expected)s were shipped, and %(told)s are received, refused or another "
                "product. Take what was not received off the received quantity.",
                expected=f"{self.expected_qty:g}",
                told=f"{self.received_qty + held:g}",
            )
        return None

    def _find_stranger(self):
        env = self.env
        if self.damaged_qty or self.refused_qty or self.other_qty:
            return env._(
                "it is not on this truck's list. Say how much of it arrived, and the "
                "rest in the note."
            )
        if self.product_id in self.receiving_id.line_ids.move_id.product_id:
            return env._(
                "it is on this truck's list already. Raise its received quantity there."
            )
        return None


class DistributionTransferDiscrepancy(models.Model):
    _inherit = "distribution.transfer.discrepancy"

    def _adopt_photos(self):
        """Photos that were taken while unloading are seen by both ends."""
        for discrepancy in self:
            # As superuser: they belonged to a form that only its user may read.
            taken = discrepancy.sudo().photo_ids.filtered(
                lambda photo: (
                    photo.create_uid == self.env.user
                    and photo.res_model
                    in (False, "distribution.transfer.receiving.line")
                )
            )
            taken.write({"res_model": discrepancy._name, "res_id": discrepancy.id})
