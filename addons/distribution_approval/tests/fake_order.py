"""A kind of document of nobody's business, to test the engine without one."""

from odoo import api, fields, models


class FakeOrder(models.Model):
    _module = None
    _name = "distribution.fake.order"
    _inherit = ["distribution.approval.mixin", "mail.thread"]
    _description = "Fake Order"
    _approval_gate = True
    _approval_passed_states = ("done",)
    _approval_waiting_state = "waiting"
    _approval_guarded_fields = ("partner_id",)
    _approval_lines_field = "line_ids"
    _approval_guarded_line_fields = ("price", "quantity")

    name = fields.Char(required=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    partner_id = fields.Many2one("res.partner")
    note = fields.Char()
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("cancel", "Cancelled"),
        ],
        default="draft",
        copy=False,
    )
    line_ids = fields.One2many("distribution.fake.order.line", "order_id", copy=True)

    @api.model
    def _approval_kind_name(self):
        return "Fake order"

    @api.model
    def _approval_measures(self):
        return {
            "fake_amount": {"label": "Amount", "unit": "money"},
            "fake_quantity": {"label": "Quantity", "unit": "pcs"},
            "fake_cheapest": {"label": "Cheapest", "unit": "money", "worse": "lower"},
        }

    def _approval_measure_fake_amount(self, lines):
        totals = {}
        for line in lines:
            order_id = line.order_id.id
            totals[order_id] = totals.get(order_id, 0) + line.price * line.quantity
        return totals

    def _approval_measure_fake_quantity(self, lines):
        totals = {}
        for line in lines:
            totals[line.order_id.id] = totals.get(line.order_id.id, 0) + line.quantity
        return totals

    def _approval_measure_fake_cheapest(self, lines):
        return {
            order.id: min(found.mapped("price"))
            for order, found in lines.grouped("order_id").items()
        }

    def _approval_amount(self):
        return self._approval_measure_fake_amount(self.line_ids)

    def _approval_facts(self):
        return {
            order.id: [("Partner", order.partner_id.name or ""), ("Lines", "2")]
            for order in self
        }

    def _approval_details(self):
        return {
            order.id: {
                "columns": ["Price", "Quantity"],
                "rows": [[str(x.price), str(x.quantity)] for x in order.line_ids],
            }
            for order in self
        }

    def _approval_complete(self):
        self.action_confirm()

    def action_confirm(self):
        cleared = self._approval_submit()
        cleared.write({"state": "done"})
        return self._approval_answer(cleared)


class FakeOrderLine(models.Model):
    _module = None
    _name = "distribution.fake.order.line"
    _inherit = ["distribution.approval.line.mixin"]
    _description = "Fake Order Line"
    _approval_document_field = "order_id"

    order_id = fields.Many2one("distribution.fake.order", ondelete="cascade")
    price = fields.Float()
    quantity = fields.Float(default=1)
