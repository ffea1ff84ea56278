"""Monthly bills of the carriers, and the days of what transfers have posted.

Needs the suite. Called by the history of transfers while these can still take freight.
"""

from datetime import timedelta

from odoo import Command

from .accounts import FREIGHT_FACTOR, FREIGHT_FACTORS
from .dating import date_entries
from .writer import Writer


class FreightWriter(Writer):
    theme = "freight bills"

    def run(self, transfers, plan_of):
        """Bill what left in full months, and date the entries of all of them.

        :param transfers: those of the history, before they are closed
        :param plan_of: {transfer id: its entry of the plan}
        """
        self._plan_of = plan_of
        self._dated = self.env["account.move"]
        self._date(transfers, self._day_of)
        if not self.book.accounts:
            return
        for (carrier, month), together in sorted(
            transfers.filtered(self._is_billed).grouped(self._carrier_month).items(),
            key=lambda item: (item[0][1], item[0][0].id),
        ):
            self._bill(carrier, month, together)

    def _carrier_month(self, transfer):
        return transfer.lane_id.carrier_id, transfer.left_date.date().replace(day=1)

    def _is_billed(self, transfer):
        if not (transfer.left_date and transfer.lane_id.carrier_id):
            return False
        month = transfer.left_date.date().replace(day=1)
        return month in self.plan.settings.months and transfer.state in (
            "received",
            "reconciled",
        )

    def _bill(self, carrier, month, transfers):
        day = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        by_branch = transfers.grouped(lambda x: self._plan_of[x.id].branch)
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": carrier.id,
                "invoice_date": day,
                "date": day,
                "ref": f"{carrier.name} {month:%Y-%m}",
                "branch_id": self.book.branches["central"].id,
                "invoice_line_ids": [
                    Command.create(self._line(key, x)) for key, x in by_branch.items()
                ],
            }
        )
        bill.action_post()
        for line, billed in zip(bill.invoice_line_ids, by_branch.values(), strict=True):
            line.assign_freight(billed.ids)
        self._date(transfers, lambda _entry: day)

    def _line(self, key, transfers):
        factor = FREIGHT_FACTORS.get(key, FREIGHT_FACTOR)
        name = "express trucks" if key in FREIGHT_FACTORS else "scheduled trucks"
        amount = sum(transfers.mapped("freight_amount")) * factor
        return {
            "name": f"{len(transfers)} {name} to {self.book.branches[key].name}",
            "account_id": self.book.accounts["freight"].id,
            "price_unit": round(amount, 2),
            "tax_ids": [Command.clear()],
        }

    # Days.

    def _date(self, transfers, day_of):
        """Date what was posted since the last time."""
        Entry = self.env["account.move"]
        if "interbranch_transfer_id" not in Entry._fields:
            return
        domain = [("interbranch_kind", "!=", False), ("id", "not in", self._dated.ids)]
        entries = Entry.search([*domain, ("state", "=", "posted")])
        date_entries(entries, [day_of(entry) for entry in entries])
        self._dated |= entries

    def _day_of(self, entry):
        """Freight when the goods left, goods when they came, the rest with the last."""
        transfer = entry.interbranch_transfer_id
        today = self.plan.settings.today
        if not transfer:
            received = [x.received.date() for x in self._plan_of.values() if x.received]
            return max(received, default=today)
        moment = transfer.left_date
        if entry.interbranch_kind == "price":
            moment = self._plan_of[transfer.id].received
        return min(moment.date(), today) if moment else today
