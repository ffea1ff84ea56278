"""What lanes cost, who drives, and where losses are posted. Needs the suite."""

from .writer import Writer

HAULIERS = ("Brenner Haulage", "Skerry Freight Lines")
# In the order of the depots: what a trip from the central warehouse costs.
FREIGHT = (
    {"freight_rule": "weight", "freight_rate": 0.22, "freight_minimum": 45.0},
    {"freight_rule": "fixed", "freight_rate": 95.0},
    {"freight_rule": "distance", "freight_rate": 0.85, "distance": 146.0},
)
EMERGENCY_CAP = 800.0
# In the order of the depots: what the depot pays the centre for goods.
PRICES = (
    {"price_rule": "cost"},
    {"price_rule": "cost_plus", "price_percent": 4.0, "price_deferred": False},
    {"price_rule": "list_minus", "price_percent": 30.0, "price_deferred": True},
)
# (location of the company, code from which on its account is, name, type)
ACCOUNTS = (
    (
        "_transfer_loss_location",
        "614000",
        "Losses on Transfers",
        "expense",
    ),
    (
        "_transfer_claim_location",
        "132000",
        "Claims on Carriers",
        "asset_current",
    ),
)


class LaneWriter(Writer):
    theme = "lanes"

    def run(self):
        self._write_accounts()
        self._write_freight()
        self._link_depots()

    def _write_accounts(self):
        Account = self.env["account.account"]
        for method, code, name, account_type in ACCOUNTS:
            location = getattr(self.company, method)()
            location.valuation_account_id = Account.create(
                {
                    "code": Account._search_new_account_code(code),
                    "name": name,
                    "account_type": account_type,
                    "branch_section": account_type == "expense" and "loss",
                }
            )

    def _write_freight(self):
        """Every other lane is driven by a haulier, the others by own trucks."""
        hauliers = self.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in HAULIERS]
        )
        for number, lane in enumerate(self.book.lanes.values()):
            carrier = hauliers[number // 2 % len(hauliers)]
            lane.write(
                {
                    **FREIGHT[number % len(FREIGHT)],
                    **PRICES[number % len(PRICES)],
                    "emergency_cap": EMERGENCY_CAP,
                    "carrier_id": False if number % 2 else carrier.id,
                }
            )

    def _link_depots(self):
        """The first two depots help each other out, twice a week."""
        depots = [
            branch for key, branch in self.book.branches.items() if key != "central"
        ]
        for source, destination in zip(depots[:2], depots[1::-1], strict=False):
            if source == destination:
                continue
            lane = self.env["distribution.lane"].create(
                {
                    "source_branch_id": source.id,
                    "destination_branch_id": destination.id,
                    "monday": False,
                    "wednesday": False,
                    "friday": False,
                    "cutoff_time": 15.0,
                    "freight_rule": "fixed",
                    "freight_rate": 60.0,
                }
            )
            self.book.lanes[source, destination] = lane
