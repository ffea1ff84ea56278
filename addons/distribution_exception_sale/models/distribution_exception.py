from datetime import timedelta

from odoo import models


class DistributionException(models.Model):
    """The click that settles what was found in sales orders."""

    _inherit = "distribution.exception"

    def _resolve_sale_waiting(self):
        """Reserve what there is; without success, tell the customer the new date.

        Where no new date is known either, or all is reserved now, the delivery opens; the
        order, where there are several or the user may not move goods.
        """
        line = self._sale_line()
        moves = line.move_ids.filtered(
            lambda m: m.state not in ("done", "cancel") and m.picking_code != "incoming"
        )
        deliveries = moves.picking_id
        may_reserve = deliveries.has_access("write")
        if may_reserve and deliveries:  # perhaps all was delivered meanwhile
            deliveries.action_assign()
        is_short = any(move.state != "assigned" for move in moves)
        if self.expected_at and (is_short or not may_reserve):
            return self.action_tell_customer()
        is_one = may_reserve and len(deliveries) == 1
        return (deliveries if is_one else line.order_id).get_formview_action()

    def action_tell_customer(self):
        """Open a message to the customer with the date that is now expected.

        It is the wizard of messages, on the order, with the template of the rule's notices.

        :raise UserError: where the exception is closed
        """
        self._ensure_open()
        template = self.env.ref("distribution_exception_sale.mail_template_order_late")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tell the Customer"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": "sale.order",
                "default_res_ids": self._sale_line().order_id.ids,
                "default_template_id": template.id,
                "default_email_layout_xmlid": "mail.mail_notification_layout",
                "notice_exception_ids": self.ids,
            },
        }

    def _resolve_sale_credit(self):
        """Open the customer's confirmed orders that are not invoiced yet.

        Without such orders it is invoices that are owed, and these open.
        """
        customer = self.partner_id.commercial_partner_id
        domain = [("partner_invoice_id", "child_of", customer.id)]
        domain += [("state", "=", "sale"), ("invoice_status", "!=", "invoiced")]
        if not self.env["sale.order"].search_count(domain, limit=1):
            return customer.action_view_partner_invoices()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        return {**action, "domain": domain, "context": {}}

    def _notice_documents(self):
        """Customers are told of their order, in one message for all of its lines."""
        lines = self.filtered(lambda one: one.res_model == "sale.order.line")
        orders = {one: one._sale_line().order_id for one in lines}
        return super()._notice_documents() | orders

    def _is_quiet(self, audience, now):
        """Customers are not told of what reaches them as promised, reserved or not."""
        if self.res_model == "sale.order.line" and audience == "customer":
            shipping = timedelta(days=self.company_id.security_lead)
            if self.too_late_at and self.expected_at <= self.too_late_at + shipping:
                return True
        return super()._is_quiet(audience, now)

    def _sale_line(self):
        return self.env["sale.order.line"].browse(self.res_id)
