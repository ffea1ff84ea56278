from odoo import models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "purchase":
            self.order_line._keep_first_confirmed_date()
        if "state" in vals:
            self.order_line._recheck_lines()
        return result

    def _ask_vendor(self):
        """Open a message to the vendor that names what is late or was moved.

        :return: action
        """
        self.ensure_one()
        template = self.env.ref(
            "distribution_exception_purchase.mail_template_ask_vendor"
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask the vendor"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_composition_mode": "comment",
                "force_email": True,
            },
        }

    def _lines_to_ask_for(self):
        """Lines with goods still to come that are late, or later than first confirmed."""
        return self.order_line.filtered(lambda line: line._is_to_ask_for())
