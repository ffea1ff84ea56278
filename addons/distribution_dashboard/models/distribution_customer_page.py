from odoo import api, fields, models
from odoo.exceptions import MissingError
from odoo.fields import Domain
from odoo.tools import html2plaintext
from odoo.tools.misc import format_date, format_datetime

from .distribution_board_filters import PAGE

CONTACTS = 8
WRITTEN = ("comment", "email", "email_outgoing")
OWED = ("out_invoice", "out_refund")
CLAIM = "distribution.claim"


class DistributionCustomerPage(models.AbstractModel):
    """All that a customer waits for, owes and said, on one page, as the reader may see it.

    A constant number of queries, whatever the number of orders. Orders are in
    `distribution_customer_orders.py`.
    """

    _name = "distribution.customer.page"
    _description = "Customer Page"

    @api.model
    @api.readonly
    def get_page(self, partner_id):
        """The page of a customer.

        :param partner_id: the customer, or a contact or address of it
        :return: `partner`, `orders`, `exceptions`, `receivables`, `claims`, `contacts`;
            a part that is not for the reader is false, claims are false without their
            addon
        :raises MissingError: there is no such partner
        :raises AccessError: the partner is not for the reader
        """
        partner_id = self.env["distribution.board"]._as_number(partner_id)
        if partner_id < 1:
            raise MissingError(self.env._("There is no such customer."))
        partner = self.env["res.partner"].browse(partner_id)
        partner.check_access("read")
        partner = partner.commercial_partner_id
        return {
            "partner": self._partner(partner),
            "orders": self._orders(partner),
            "exceptions": self._exceptions(partner),
            "receivables": self._receivables(partner),
            "claims": self._claims(partner),
            "contacts": self._contacts(partner),
        }

    @api.model
    def _partner(self, partner):
        classes = dict(
            partner._fields["service_class"]._description_selection(self.env)
        )
        return {
            "id": partner.id,
            "name": partner.display_name,
            "place": ", ".join(filter(None, [partner.zip, partner.city])),
            "phone": partner.phone or "",
            "email": partner.email or "",
            "salesperson": partner.user_id.name or "",
            "service_class": classes.get(partner.service_class, ""),
        }

    @api.model
    def _exceptions(self, partner):
        """Open exceptions about the customer, by rank."""
        Board = self.env["distribution.board"]
        found = self.env["distribution.exception"].search(
            [("state", "=", "open"), ("partner_id", "child_of", partner.id)],
            order="rank desc, id",
            limit=PAGE,
        )
        return [Board._row(exception) for exception in found]

    @api.model
    def _receivables(self, partner):
        """What is owed, in company currency, of the invoices that the reader may see."""
        Move = self.env["account.move"]
        if not Move.has_access("read"):
            return False
        today = fields.Date.context_today(self)
        owed = (
            Domain("commercial_partner_id", "=", partner.id)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("move_type", "in", OWED)
            & Domain("state", "=", "posted")
        )
        [(open_amount,)] = Move._read_group(owed, [], ["amount_residual_signed:sum"])
        [(overdue, oldest)] = Move._read_group(
            owed
            & Domain("invoice_date_due", "<", today)
            & Domain("amount_residual_signed", ">", 0),
            [],
            ["amount_residual_signed:sum", "invoice_date_due:min"],
        )
        limit = self._credit_limit(partner)
        return {
            "open": self._money(open_amount or 0.0),
            "overdue": self._money(overdue or 0.0),
            "is_overdue": bool(overdue),
            "oldest": oldest and format_date(self.env, oldest) or "",
            "limit": limit is not None and self._money(limit) or "",
            "is_over": limit is not None and (open_amount or 0.0) > limit,
            "is_partial": self.env.user.branch_restricted,
        }

    @api.model
    def _credit_limit(self, partner):
        """The limit, where there is one and the reader may see it."""
        names = ("use_partner_credit_limit", "credit_limit")
        if not all(
            partner._has_field_access(partner._fields[x], "read") for x in names
        ):
            return None
        return partner.credit_limit if partner.use_partner_credit_limit else None

    @api.model
    def _claims(self, partner):
        """The customer's claims, where the suite's claims are installed."""
        if CLAIM not in self.env or not self.env[CLAIM].has_access("read"):
            return False
        claims = self.env[CLAIM].search(
            [("partner_id", "child_of", partner.id)], order="id desc", limit=PAGE
        )
        return [{"id": claim.id, "name": claim.display_name} for claim in claims]

    @api.model
    def _contacts(self, partner):
        """What was written last with the customer, and what is planned."""
        contacts = partner | partner.child_ids
        about = [("model", "=", "res.partner"), ("res_id", "in", contacts.ids)]
        messages = self.env["mail.message"].search(
            [*about, ("message_type", "in", WRITTEN)],
            order="date desc, id desc",
            limit=CONTACTS,
        )
        activities = self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", contacts.ids)],
            order="date_deadline, id",
            limit=CONTACTS,
        )
        today = fields.Date.context_today(self)
        return {
            "messages": [self._message(message) for message in messages],
            "activities": [
                {
                    "id": activity.id,
                    "what": activity.summary or activity.activity_type_id.name or "",
                    "who": activity.user_id.name or "",
                    "date": format_date(self.env, activity.date_deadline),
                    "is_late": activity.date_deadline < today,
                }
                for activity in activities
            ],
        }

    @api.model
    def _message(self, message):
        text = " ".join(html2plaintext(message.body or "").split())
        return {
            "id": message.id,
            "who": message.author_id.name or message.email_from or "",
            "date": format_datetime(self.env, message.date, dt_format="short"),
            "text": message.subject or text[:160],
        }

    @api.model
    def _money(self, value):
        return self.env["distribution.board"]._money(
            value, self.env.company.currency_id
        )
