"""Vendors and customers. Plain Odoo."""

from .writer import Writer


class PartnerWriter(Writer):
    theme = "partners"

    def run(self):
        self.book.vendors = self._write("supplier_rank", self.plan.vendors)
        self.book.customers = self._write("customer_rank", self.plan.customers)

    def _write(self, rank, planned):
        partners = self.create_all(
            "res.partner", [self._company_values(p, rank) for p in planned]
        )
        self.create_all(
            "res.partner",
            [
                self._contact_values(p, partner)
                for p, partner in zip(planned, partners, strict=True)
            ],
        )
        return partners.ids

    def _company_values(self, planned, rank):
        values = {
            "name": planned.name,
            "ref": planned.ref,
            "is_company": True,
            "street": planned.street,
            "city": planned.city,
            "zip": planned.zip,
            "country_id": self.company.country_id.id,
            "email": planned.email,
            rank: 1,
        }
        if rank == "customer_rank":
            values["property_payment_term_id"] = self._payment_term(planned).id
        return values

    def _payment_term(self, planned):
        """One customer in three pays within 15 days, the others within 30."""
        days = 30 if planned.index % 3 else 15
        return self.env.ref(f"account.account_payment_term_{days}days")

    def _contact_values(self, planned, partner):
        return {
            "name": planned.contact,
            "parent_id": partner.id,
            "type": "contact",
            "function": "Purchasing" if planned.branch else "Sales",
        }
