from odoo import Command, fields, models


class DistributionException(models.Model):
    _inherit = "distribution.exception"

    def _stock_record(self):
        return self.env[self.res_model].browse(self.res_id)

    def _resolve_stock_shortage(self):
        """Open the replenishment of the line."""
        return self._open_replenishment([("id", "=", self.res_id)])

    def _resolve_stock_excess(self):
        """Open the replenishment of the product in all warehouses."""
        product = self._stock_record().product_id
        return self._open_replenishment([("product_id", "=", product.id)])

    def _open_replenishment(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "stock.action_orderpoint_replenish"
        )
        return {**action, "domain": domain, "context": {}}

    def _resolve_stock_places(self):
        """Open the stock of the product, wherever it lies."""
        quant = self._stock_record()
        action = quant.action_view_quants()
        domain = [
            ("product_id", "=", quant.product_id.id),
            ("location_id.usage", "=", "internal"),
        ]
        return {**action, "domain": domain}

    def _resolve_stock_count(self):
        """Ask for a count by the user, and open it.

        The day it was planned for stays: asking does not make it less overdue.
        """
        quant, today = self._stock_record(), fields.Date.context_today(self)
        quant.with_context(inventory_mode=True).write(
            {
                "inventory_date": min(quant.inventory_date or today, today),
                "user_id": self.env.uid,
            }
        )
        return self._resolve_stock_variance()

    def _resolve_stock_variance(self):
        """Open the count: it can be repeated, applied or cleared there."""
        action = self.env["stock.quant"].action_view_inventory()
        context = {**action["context"], "search_default_my_count": False}
        return {**action, "domain": [("id", "=", self.res_id)], "context": context}

    def _resolve_stock_hold(self):
        """Open a new transfer of the goods from hold to the stock of the warehouse."""
        quant = self._stock_record()
        warehouse = quant.location_id.warehouse_id
        places = {
            "location_id": quant.location_id.id,
            "location_dest_id": warehouse.lot_stock_id.id,
        }
        move = {
            **places,
            "product_id": quant.product_id.id,
            "product_uom_qty": quant.quantity,
            "product_uom": quant.product_uom_id.id,
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release from hold"),
            "res_model": "stock.picking",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                **{f"default_{name}": value for name, value in places.items()},
                "default_picking_type_id": warehouse.int_type_id.id,
                "default_move_ids": [Command.create(move)],
            },
        }
