"""A few opportunities, so that the pipeline shows something. Needs CRM."""

from datetime import timedelta

from .tools import stream
from .writer import Writer

SUBJECTS = (
    "Annual contract for safety wear",
    "New bearing supplier wanted",
    "Hydraulic hose workshop",
    "Tool crib on site",
    "Consignment of fasteners",
    "Lubrication plan",
)
PER_BRANCH = 3


class LeadWriter(Writer):
    theme = "opportunities"

    def run(self):
        if "crm.lead" not in self.env:
            return
        rng = stream(self.plan.settings, "leads")
        stages = self.env["crm.stage"].search([("is_won", "=", False)])
        values = []
        for branch in self.plan.branches:
            customers = [c for c in self.plan.customers if c.branch == branch.key]
            for customer in rng.sample(customers, min(PER_BRANCH, len(customers))):
                values.append(self._values(rng, branch, customer, stages))
        self.create_all("crm.lead", values)

    def _values(self, rng, branch, customer, stages):
        closing = self.plan.settings.today + timedelta(days=rng.randint(7, 60))
        return {
            "type": "opportunity",
            "name": f"{rng.choice(SUBJECTS)}: {customer.name}",
            "partner_id": self.book.customers[customer.index],
            "user_id": self.book.user(f"operator.{branch.key}").id,
            "expected_revenue": rng.randrange(2, 40) * 500,
            "date_deadline": closing,
            "stage_id": rng.choice(stages).id if stages else False,
        }
