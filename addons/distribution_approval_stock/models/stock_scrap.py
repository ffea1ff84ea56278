from odoo import api, models
from odoo.exceptions import UserError


class StockScrap(models.Model):
    """A scrap is approved before the goods are taken out; until then it is a draft."""

    _name = "stock.scrap"
    _inherit = ["stock.scrap", "distribution.approval.stock.mixin"]
    _approval_gate = True
    _approval_passed_states = ("done",)
    _approval_guarded_fields = (
        *("product_id", "product_uom_id", "scrap_qty", "lot_id", "package_id"),
        *("owner_id", "location_id", "scrap_location_id"),
    )
    _approval_date_field = "date_done"

    # The gate.

    def do_scrap(self):
        done = self.filtered(lambda scrap: scrap.state == "done")
        if (
            done
        ):  # Odoo would take the goods out once more, and an approval is good for once
            raise UserError(
                self.env._("%(name)s is done already.", name=done[0].display_name)
            )
        cleared = self._approval_submit()
        with self._approval_passing():
            result = super(StockScrap, cleared).do_scrap()
        return result if cleared == self else self._approval_answer(cleared)

    def _approval_complete(self):
        self.do_scrap()

    # Measures.

    @api.model
    def _approval_measures(self):
        env = self.env
        return {
            "scrap_value": {
                "label": env._("Value of the scrap"),
                "unit": "money",
                "help": env._("At the present cost of the product or lot."),
            },
            "scrap_quantity": {
                "label": env._("Scrapped quantity"),
                "unit": env._("units"),
                "help": env._("In the unit of the product."),
            },
            **super()._approval_measures(),
        }

    def _approval_quantities(self):
        return {
            scrap.id: scrap.product_uom_id._compute_quantity(
                scrap.scrap_qty, scrap.product_id.uom_id, round=False
            )
            for scrap in self
        }

    def _approval_measure_scrap_value(self, lines):
        return lines._approval_amount()

    def _approval_measure_scrap_quantity(self, lines):
        return lines._approval_quantities()

    # What approvers are told.

    def _approval_facts(self):
        env, amounts = self.env, self._approval_amount()
        facts = {}
        for scrap in self:
            tags = ", ".join(scrap.scrap_reason_tag_ids.mapped("name"))
            quantity = self._approval_figure(scrap.scrap_qty)
            facts[scrap.id] = [
                (env._("Quantity"), f"{quantity} {scrap.product_uom_id.name}"),
                (env._("Value"), self._approval_money(scrap.id, amounts)),
                (env._("Reason"), tags or env._("none given")),
            ]
        return facts
