from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

MOVING = {"quantity", "product_uom_id", "location_id", "location_dest_id"}


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder)
        moves.move_line_ids._approval_check_differences()
        return moves


class StockMoveLine(models.Model):
    """Goods do not appear in the stock, or disappear, beside counts and scraps."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._approval_check_differences()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not MOVING.isdisjoint(vals):
            self._approval_check_differences()
        return result

    def _approval_check_differences(self):
        """Refuse done lines that come to a count which needs a decision.

        :raise UserError: naming the product and the location
        """
        Quant = self.env["stock.quant"]
        if Quant._approval_is_passing() or not Quant._approval_is_governed():
            return
        counts, Request = (
            self._approval_counts(),
            self.env["distribution.approval.request"],
        )
        evaluations = self.env["distribution.approval.engine"]._evaluate(counts)
        for count in counts.filtered(lambda count: evaluations[count.id].needed):
            finding = evaluations[count.id].needed[0].to_json()
            raise UserError(
                self.env._(
                    "%(product)s: %(reason)s Count the stock or scrap the goods instead.",
                    product=f"{count.product_id.name}, {count.location_id.display_name}",
                    reason=Request._finding_sentence(Quant._name, finding),
                )
            )

    def _approval_counts(self, each=False):
        """Counts, in memory alone, that come to what the done ones of these lines do.

        :param each: one for each line, rather than one for each product in a location
        """
        differences, names = defaultdict(float), ["product_id", "location_id", "lot_id"]
        # Policies hold for all stock, whoever moves it.
        for line in self.sudo().filtered(lambda line: line.state == "done"):
            places, unit = (
                line.location_id | line.location_dest_id,
                line.product_id.uom_id,
            )
            inside = places.filtered(lambda place: place.usage != "inventory")
            if len(inside) < len(places) and inside:
                quantity = line.product_uom_id._compute_quantity(line.quantity, unit)
                sign = -1 if inside == line.location_id else 1
                key = (line.product_id, inside, line.lot_id, each and line.id)
                differences[key] += sign * quantity
        Quant = self.env["stock.quant"].sudo()  # as above
        domain = [("product_id", "in", [product.id for product, *_ in differences])]
        found = Quant._read_group(domain, names, ["quantity:sum"])
        hands, counts = {tuple(key): total for *key, total in found}, Quant.browse()
        for (*key, _line), difference in differences.items():
            key = tuple(key)
            values = {name: record.id for name, record in zip(names, key, strict=True)}
            values["inventory_quantity"] = hands.get(key, 0.0)
            values["quantity"] = hands.get(key, 0.0) - difference
            counts += Quant.new({**values, "inventory_diff_quantity": difference})
        return counts
