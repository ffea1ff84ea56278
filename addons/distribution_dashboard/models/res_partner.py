from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_open_customer_page(self):
        """Open the customer page: orders, money, claims and last contacts.

        :return: the client action
        """
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id(
            "distribution_dashboard.customer_page_action"
        )
        action["context"] = {"active_id": self.id}
        return action
