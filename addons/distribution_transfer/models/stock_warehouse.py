from odoo import api, models
from odoo.exceptions import UserError


class StockWarehouse(models.Model):
    """Stock does not change branch because somebody changes the map."""

    _inherit = "stock.warehouse"

    @api.model_create_multi
    def create(self, vals_list):
        warehouses = super().create(vals_list)
        warehouses._ensure_supplied_on_lanes()
        return warehouses

    def write(self, vals):
        if "branch_id" in vals:
            leaving = self.filtered(
                lambda x: x.branch_id and x.branch_id.id != vals["branch_id"]
            )
            leaving.view_location_id._ensure_empty(
                self.env._("its warehouse is given to another branch")
            )
        result = super().write(vals)
        if "resupply_wh_ids" in vals or "branch_id" in vals:
            self._ensure_supplied_on_lanes()
        return result

    def _ensure_supplied_on_lanes(self):
        """:raises UserError: Odoo's own resupply between branches has no transfer"""
        for warehouse in self:
            for supplier in warehouse.resupply_wh_ids:
                if warehouse.branch_id == supplier.branch_id:
                    continue
                raise UserError(
                    self.env._(
                        "%(warehouse)s cannot be resupplied from %(supplier)s: goods "
                        "change branch by transfers. Open a lane between the branches, "
                        "and use its route.",
                        warehouse=warehouse.name,
                        supplier=supplier.name,
                    )
                )


class StockLocation(models.Model):
    _inherit = "stock.location"

    def write(self, vals):
        if "location_id" in vals:
            parent = self.browse(vals["location_id"] or [])
            moved = self.filtered(
                lambda location: (
                    location.branch_id and location.branch_id != parent.branch_id
                )
            )
            moved._ensure_empty(self.env._("it is put under another branch"))
        if {"usage", "company_id"} & vals.keys():
            lanes = self.filtered("lane_id")
            lanes._ensure_empty(self.env._("it is the transit location of a lane"))
        return super().write(vals)

    def _ensure_empty(self, why):
        """:raises UserError: there is stock in these locations, or below them"""
        if not self:
            return
        # As superuser: stock counts also where one may not look.
        quants = self.env["stock.quant"].sudo()
        found = quants.search(
            [("location_id", "child_of", self.ids), ("quantity", "!=", 0)], limit=1
        )
        if found:
            raise UserError(
                self.env._(
                    "%(location)s has stock, such as %(product)s, which would change "
                    "branch without a transfer: %(why)s. Transfer the stock first.",
                    location=found.location_id.display_name,
                    product=found.product_id.display_name,
                    why=why,
                )
            )
