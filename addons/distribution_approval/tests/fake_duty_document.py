from odoo import fields, models


class FakeDutyDocument(models.Model):
    """Stands for the documents of the addons that use the log."""

    _module = None
    _name = "distribution.fake.duty.document"
    _description = "Fake Document"

    name = fields.Char()
    company_id = fields.Many2one("res.company")
    state = fields.Char()

    def action_receive(self):
        self.state = "received"
        self.env["distribution.duty.log"]._perform("receive", self)
        return True

    def action_bill(self):
        self.state = "billed"
        self.env["distribution.duty.log"]._perform("bill", self)
        return True


class FakeDutyNote(models.Model):
    """Another kind of document, without a company."""

    _module = None
    _name = "distribution.fake.duty.note"
    _description = "Fake Note"

    name = fields.Char()
