from odoo import models

REMINDER = "distribution_exception_accounting.mail_template_reminder"


class DistributionException(models.Model):
    """The click that settles what is found in the books."""

    _inherit = "distribution.exception"

    def _resolve_account_branch(self):
        """Correct the branch of the item, together with the line that it is the cost of."""
        item = self._account_record()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_accounting.distribution_branch_correct_action"
        )
        together = item | item.cogs_origin_id
        context = {"active_model": item._name, "active_ids": together.ids}
        return {**action, "context": context}

    def _resolve_account_receivable(self):
        """Write a reminder to the customer; open the entry where it is no invoice."""
        move = self._account_record()
        template = self.env.ref(REMINDER, raise_if_not_found=False)
        if not move.is_sale_document():
            return move.get_formview_action()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reminder of %s", move.name),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": move._name,
                "default_res_ids": move.ids,
                "default_template_id": template and template.id,
                "default_composition_mode": "comment",
            },
        }

    def _resolve_account_leakage(self):
        """Open the steps from list price to margin of the customer."""
        return self._account_record().action_view_margin()

    def _account_record(self):
        return self.env[self.res_model].browse(self.res_id)
