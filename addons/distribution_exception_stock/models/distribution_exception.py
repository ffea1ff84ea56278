from odoo import Command, fields, models

INSIDE = ("location_id.usage", "=", "internal")


class DistributionException(models.Model):
    _inherit = "distribution.exception"

    def _stock_record(self):
        return self.env[self.res_model].browse(self.res_id)

    def _resolve_stock_shortage(self):
        """Open the replenishment of the line."""
        return self._open_replenishment([("id", "=", self.res_id)])

    def _resolve_stock_excess(self):
        """Open the replenishment of the product in all warehouses."""
        product_id = self._stock_record().product_id.id
        return self._open_replenishment([("product_id", "=", product_id)])

    def _open_replenishment(self, domain):
        name = "stock.action_orderpoint_replenish"
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        return {**action, "domain": domain, "context": {}}

    def _resolve_stock_aged(self):
        """Open the stock of the product, wherever it lies."""
        quant = self._stock_record()
        action = quant.action_view_quants()
        return {**action, "domain": [INSIDE, ("product_id", "=", quant.product_id.id)]}

    def _resolve_stock_negative(self):
        """Ask for a count by the user, and open it.

        The day it was planned for stays: asking does not make it less overdue.
        """
        quant, today = self._stock_record(), fields.Date.context_today(self)
        planned = min(quant.inventory_date or today, today)
        count = {"inventory_date": planned, "user_id": self.env.uid}
        quant.with_context(inventory_mode=True).write(count)
        return self._resolve_stock_variance()

    def _resolve_stock_overdue(self):
        """Ask for the count by the user, and open it."""
        return self._resolve_stock_negative()

    def _resolve_stock_variance(self):
        """Open the count: it can be repeated, applied or cleared there."""
        action = self.env["stock.quant"].action_view_inventory()
        context = {**action["context"], "search_default_my_count": False}
        return {**action, "domain": [("id", "=", self.res_id)], "context": context}

    def _resolve_stock_hold(self):
        """Open a new transfer of the goods from hold to the stock of the warehouse."""
        quant = self._stock_record()
        warehouse = quant.location_id.warehouse_id
        values = {"location_id": quant.location_id.id}
        values["location_dest_id"] = warehouse.lot_stock_id.id
        move = {"product_id": quant.product_id.id, "product_uom_qty": quant.quantity}
        values["move_ids"] = [Command.create({**values, **move})]
        values["picking_type_id"] = warehouse.int_type_id.id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release from hold"),
            "res_model": "stock.picking",
            "views": [(False, "form")],
            "context": {f"default_{name}": value for name, value in values.items()},
        }
