import base64
import logging

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formatLang
from odoo.tools.image import image_data_uri, image_process

from ..report.code128 import code128_image

_logger = logging.getLogger(__name__)

# Photos are printed no larger than so many pixels a side.
PHOTO = 480


class DistributionTransfer(models.Model):
    """What the printed documents of a transfer say."""

    _inherit = "distribution.transfer"

    def _print_lang(self):
        """Documents are in the language of the receiving branch."""
        self.ensure_one()
        return self.destination_branch_id.partner_id.lang or self.env.lang

    def _print_quantity(self, quantity):
        """`quantity` as people write it: without decimals that say nothing."""
        precision = self.env["decimal.precision"].precision_get("Product Unit")
        shown = round(quantity, precision)
        digits = next(n for n in range(precision + 1) if round(shown, n) == shown)
        return formatLang(self.env, shown, digits=digits)

    def _print_barcode(self, value, height=9):
        """A Code 128 of `value`, `height` millimetres high."""
        return code128_image(value, height)

    def _print_columns(self):
        """[(label, field)] of the receiving report: what the lines have anything of."""
        self.ensure_one()
        always = ["shipped_qty", "received_qty", "short_qty", "over_qty", "damaged_qty"]
        settled = [
            name
            for name in ("returned_qty", "written_off_qty")
            if self.line_ids._total(name)
        ]
        columns = [
            (self.line_ids._fields[name]._description_string(self.env), name)
            for name in always + settled
        ]
        if self._print_on_road():
            columns.insert(2, (self.env._("On the Road"), "on_road"))
        return columns

    def _print_on_road(self):
        """{line id: in transit, in a truck that was not unloaded yet}."""
        return {
            line.id: line.in_transit_qty - line.short_qty
            for line in self.line_ids
            if line._is_more(line.in_transit_qty, line.short_qty)
        }

    def _print_loads(self):
        """The trucks' loads, those to be loaded first."""
        loads = self.picking_ids.filtered(
            lambda picking: picking.transfer_leg == "ship" and picking.state != "cancel"
        )
        return loads.sorted(lambda picking: (picking.state == "done", picking.id))

    def _print_differences(self):
        """[(discrepancy, its pictures, where they are printed already)].

        What was seen once and led to several discrepancies is printed once.
        """
        self.ensure_one()
        printed, rows = {}, []
        for found in self.discrepancy_ids.sorted("id"):
            # As superuser: who may read the discrepancy may see its evidence.
            evidence = tuple(found.sudo().photo_ids.ids)
            first = printed.setdefault(evidence, found) if evidence else found
            same = first != found
            rows.append((found, not same and found._print_photos(), same and first))
        return rows

    def _print_receipts(self):
        """The receipts that are done, in their order."""
        return self.picking_ids.filtered(
            lambda picking: picking.transfer_leg == "receive"
            and picking.state == "done"
        ).sorted("date_done")


class DistributionTransferDiscrepancy(models.Model):
    _inherit = "distribution.transfer.discrepancy"

    def _print_photos(self):
        """The photos, small enough for many on a page, as data URIs."""
        # As superuser: who may read the discrepancy may see its evidence.
        return [uri for uri in map(_small_picture, self.sudo().photo_ids) if uri]

    def _print_papers(self):
        """The names of evidence that is no picture."""
        # As superuser: see `_print_photos`.
        papers = self.sudo().photo_ids.filtered(lambda x: not _is_picture(x))
        return ", ".join(papers.mapped("name"))

    def _print_settled(self):
        """How it was settled, or where it stands."""
        labels = dict(self._selection_resolution())
        state = self._fields["state"]._description_selection(self.env)
        parts = [dict(state)[self.state], labels.get(self.resolution)]
        return ": ".join(filter(None, parts))


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _print_load(self):
        """The lines of a packing list: what is to be loaded, or was.

        :return: a dict a move: the move, its quantity, and `parts`, a dict for each lot
            and package of it
        """
        self.ensure_one()
        done = self.state == "done"
        loads = []
        for move in self.move_ids:
            quantity = move.quantity if done else move.product_uom_qty
            if move.state == "cancel" or not quantity:
                continue
            parts = [
                {
                    "lot": line.lot_id,
                    "package": line.result_package_id or line.package_id,
                    "quantity": line.quantity,
                    "unit": line.product_uom_id,
                }
                for line in move.move_line_ids
                if line.quantity and (line.lot_id or line.result_package_id)
            ]
            loads.append({"move": move, "quantity": quantity, "parts": parts})
        return loads


def _is_picture(attachment):
    return (attachment.mimetype or "").startswith("image/")


def _small_picture(attachment):
    """A data URI of the picture; None where there is none that can be shown."""
    if not _is_picture(attachment):
        return None
    try:
        small = image_process(attachment.raw, size=(PHOTO, PHOTO), quality=80)
    except UserError:
        _logger.info("attachment %s is no picture that can be printed", attachment.id)
        return None
    return image_data_uri(base64.b64encode(small))
