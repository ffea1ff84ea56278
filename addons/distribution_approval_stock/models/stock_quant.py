from odoo import api, models
from odoo.exceptions import UserError

# What transfers and counts change, and nobody by hand.
HANDS_OFF = {"quantity", "product_id", "location_id"}


class StockQuant(models.Model):
    """A count is approved before it is applied; until then it stays as it was entered."""

    _name = "stock.quant"
    _inherit = ["stock.quant", "distribution.approval.stock.mixin"]
    _approval_gate = True
    _approval_guarded_fields = (
        *("product_id", "location_id", "lot_id", "package_id", "owner_id"),
        *("inventory_quantity", "inventory_diff_quantity"),
    )

    @api.model
    def _approval_kind_name(self):
        return self.env._("Inventory adjustment")

    @api.model
    def _approval_past(self, company, since, limit):
        """What was applied, as the counts it came to: Odoo keeps none."""
        lines = self.env["stock.move.line"].search(
            [
                *[("state", "=", "done"), ("date", ">=", since)],
                *[("is_inventory", "=", True), ("company_id", "=", company.id)],
            ],
            limit=limit,
            order="id desc",
        )
        return lines._approval_counts(each=True)

    # The gate.

    def _apply_inventory(self, date=None):
        # So that the difference is what will be applied. Those that have it already keep
        # the name of whoever entered them.
        self.filtered(
            lambda x: not x.inventory_quantity_set
        ).inventory_quantity_set = True
        cleared = self._approval_submit()
        cleared._approval_enter()
        with self._approval_passing():
            return super(StockQuant, cleared)._apply_inventory(date)

    def action_apply_inventory(self, date=None):
        result = super().action_apply_inventory(date)
        waiting = self._approval_open()
        if result or not waiting:  # Odoo's own question comes first
            return result
        return self._approval_answer(self - waiting)

    def _approval_complete(self):
        if self.is_outdated:
            raise UserError(
                self.env._("The stock has moved since. Apply the count again.")
            )
        self.action_apply_inventory()

    def _approval_open(self):
        """Those that wait, or are approved and not applied yet."""
        if not self._approval_is_governed():
            return self[:0]
        requests = self.env["distribution.approval.engine"]._open_requests(self)
        return self & self.browse(requests.mapped("res_id"))

    def _approval_authors(self):
        """Whoever counted: as the quant says, and whoever wrote it last.

        Not whoever made it, which was the first receipt of the goods.
        """
        return {x.id: {*x.user_id.ids, *x.write_uid.ids} for x in self}

    # The stock itself.

    @api.model_create_multi
    def create(self, vals_list):
        self._approval_keep_hands_off(any("quantity" in vals for vals in vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._approval_keep_hands_off(HANDS_OFF & vals.keys())
        if vals == {"inventory_quantity_set": False}:
            self -= self._approval_open()  # these counts stand
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_stock(self):
        self._approval_keep_hands_off(any(self.mapped("quantity")))

    @api.model
    def _approval_keep_hands_off(self, touched):
        """Refuse what clients could do to the stock beside transfers and counts."""
        if touched and not self.env.su and self._approval_is_governed():
            raise UserError(
                self.env._(
                    "Transfers and counts change the stock. Enter a counted quantity."
                )
            )

    # Measures.

    @api.model
    def _approval_measures(self):
        env = self.env
        return {
            "stock_variance_value": {
                "label": env._("Value of the counted difference"),
                "unit": "money",
                "help": env._(
                    "More or less than on hand, at the present cost of the product or lot."
                ),
            },
            "stock_variance_quantity": {
                "label": env._("Counted difference"),
                "unit": env._("units"),
                "help": env._("More or less than on hand, in the unit of the product."),
            },
            "stock_variance_percent": {
                "label": env._("Counted difference in percent"),
                "unit": "%",
                "help": env._(
                    "More or less than on hand, in % of the quantity on hand."
                ),
            },
            **super()._approval_measures(),
        }

    def _approval_quantities(self):
        return {quant.id: abs(quant.inventory_diff_quantity) for quant in self}

    def _approval_measure_stock_variance_value(self, lines):
        return lines._approval_amount()

    def _approval_measure_stock_variance_quantity(self, lines):
        return lines._approval_quantities()

    def _approval_measure_stock_variance_percent(self, lines):
        found = lines._approval_quantities().items()
        hands = {quant.id: abs(quant.quantity) for quant in lines}
        return {id_: 100 * x / (hands[id_] or x or 1) for id_, x in found}
