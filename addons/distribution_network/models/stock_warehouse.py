from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# The role of each location that Odoo makes with a warehouse.
ROLES = {
    "lot_stock_id": "picking",
    "wh_input_stock_loc_id": "input",
    "wh_qc_stock_loc_id": "quality_hold",
    "wh_output_stock_loc_id": "output",
    "wh_pack_stock_loc_id": "output",
}


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    branch_id = fields.Many2one(
        "distribution.branch",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        copy=False,
        help="The branch that runs this warehouse. Its documents follow the warehouse.",
    )

    def _get_locations_values(self, vals, code=False):
        values = super()._get_locations_values(vals, code=code)
        for field, role in ROLES.items():
            if field in values:
                values[field]["location_role"] = role
        return values

    def write(self, vals):
        result = super().write(vals)
        if "branch_id" in vals:
            self._check_main_warehouse_is_kept()
        if "reception_steps" in vals or "delivery_steps" in vals:
            branches = self.branch_id
            (branches.lane_in_ids | branches.lane_out_ids)._sync_routes()
        return result

    def _check_main_warehouse_is_kept(self):
        branches = self.env["distribution.branch"].search(
            [("warehouse_id", "in", self.ids)]
        )
        for branch in branches:
            if branch.warehouse_id.branch_id != branch:
                raise UserError(
                    self.env._(
                        "%(warehouse)s is the main warehouse of branch %(branch)s and "
                        "cannot leave it.",
                        warehouse=branch.warehouse_id.name,
                        branch=branch.display_name,
                    )
                )

    def _check_multiwarehouse_group(self):
        """Turn on the setting that the second warehouse of a company needs.

        As superuser: whoever may open a branch need not be allowed to change settings.
        """
        return super(StockWarehouse, self.sudo())._check_multiwarehouse_group()

    def _check_delivery_resupply(self, new_location, change_to_multiple):
        """Leave the routes of lanes to their lanes, which also know the packing step."""
        routes = self.env["stock.route"].search(
            [("supplier_wh_id", "=", self.id), ("lane_id", "!=", False)]
        )
        routes.supplier_wh_id = False
        result = super()._check_delivery_resupply(new_location, change_to_multiple)
        routes.supplier_wh_id = self
        return result


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    branch_id = fields.Many2one(
        "distribution.branch",
        related="warehouse_id.branch_id",
        store=True,
        index="btree_not_null",
    )
    is_own = fields.Boolean(
        compute="_compute_is_own",
        search="_search_is_own",
        help="Whether its transfers are the user's to do: those of the allowed branches, "
        "and of warehouses that no branch runs.",
    )

    @api.depends("branch_id")
    @api.depends_context("uid")
    def _compute_is_own(self):
        allowed = self.env.user.allowed_branch_ids
        for operation in self:
            operation.is_own = not operation.branch_id or operation.branch_id in allowed

    def _search_is_own(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        if not self.env.user.branch_restricted:
            own = Domain.TRUE
        else:
            allowed = self.env.user.allowed_branch_ids
            own = Domain("branch_id", "in", [False, *allowed.ids])
        wanted = (True in value) == (operator == "in")
        return own if wanted else ~own
