"""Fixed costs of branches, shared costs, and what is left for the controller to clear up.

Needs the suite.
"""

from datetime import timedelta

from odoo import Command

from odoo.addons.distribution_accounting.models.keys import keeping

from .accounts import (
    OVERHEADS,
    SHARED_COSTS,
    SHARES,
    UNASSIGNED,
)
from .writer import Writer

VENDORS = {
    "rent": "Halden Estates",
    "insurance": "Northern Mutual Insurance",
    "shared": "Datacraft Business Services",
    "freight": "Fairground & Partners",
}
RENT_DAY, SHARED_DAY, INSURANCE_DAY, WAGES_DAY = 3, 5, 12, 25
PROPOSED_COSTS = 38.5


class OverheadWriter(Writer):
    theme = "overheads"

    def run(self):
        if not self.plan.sales:
            return
        self._vendors = {
            key: self.env["res.partner"].create(
                {"name": name, "is_company": True, "supplier_rank": 1}
            )
            for key, name in VENDORS.items()
        }
        self._key = self._write_key()
        today = self.plan.settings.today
        months = (*self.plan.settings.months, today.replace(day=1))
        bills = self._post([vals for month in months for vals in self._bills(month)])
        self._pay(bills)
        for month in months:
            self._write_wages(month)
        self._write_unassigned()
        self._write_cash()

    def _branches(self):
        return {
            key: branch
            for key, branch in self.book.branches.items()
            if key in OVERHEADS
        }

    def _day(self, month, day):
        """The day of the month; nothing where it is still to come."""
        day = month + timedelta(days=day - 1)
        return day if day < self.plan.settings.today else None

    # Bills.

    def _bills(self, month):
        """Values of the bills of a month, as far as they have come."""
        prepared = [
            self._bill(
                "rent", self._day(month, RENT_DAY), self._rent_lines(key), branch
            )
            for key, branch in self._branches().items()
        ]
        prepared.append(
            self._bill(
                "insurance", self._day(month, INSURANCE_DAY), self._insurance_lines()
            )
        )
        prepared.append(
            self._bill("shared", self._day(month, SHARED_DAY), [self._shared_line()])
        )
        return [values for values in prepared if values["invoice_date"]]

    def _bill(self, vendor, day, lines, branch=None):
        return {
            "move_type": "in_invoice",
            "partner_id": self._vendors[vendor].id,
            "invoice_date": day,
            "date": day,
            "ref": day and f"{vendor.upper()} {branch.code if branch else ''} {day}",
            "branch_id": branch and branch.id,
            "invoice_line_ids": [Command.create(line) for line in lines],
        }

    def _line(self, key, name, amount, **values):
        return {
            "name": name,
            "account_id": self.book.accounts[key].id,
            "price_unit": amount,
            "tax_ids": [Command.clear()],
            **values,
        }

    def _rent_lines(self, key):
        costs = OVERHEADS[key]
        return [
            self._line("rent", "Rent of the hall", costs["rent"]),
            self._line("energy", "Heating and power", costs["energy"]),
        ]

    def _insurance_lines(self):
        return [
            self._line(
                "insurance",
                f"Building and stock, {branch.name}",
                OVERHEADS[key]["insurance"],
                analytic_distribution={str(branch.analytic_account_id.id): 100.0},
            )
            for key, branch in self._branches().items()
        ]

    def _shared_line(self):
        line = self._line("shared", "IT, accounting and head office", SHARED_COSTS)
        if self._key:
            return {**line, "distribution_key_id": self._key.id}
        shares = {
            str(branch.analytic_account_id.id): percent
            for branch, percent in self._shares()
        }
        return {**line, "analytic_distribution": shares}

    def _shares(self):
        """[(branch, percent)], together 100."""
        branches = self._branches()
        whole = sum(SHARES[key] for key in branches)
        shares = [
            (branch, round(100.0 * SHARES[key] / whole, 2))
            for key, branch in branches.items()
        ]
        first, _percent = shares[0]
        rest = sum(percent for _branch, percent in shares[1:])
        return [(first, 100.0 - rest), *shares[1:]]

    def _write_key(self):
        """The distribution key of what all branches share, valid since the books began."""
        if "distribution.key" not in self.env:
            return None
        key = self.env["distribution.key"].create(
            {
                "name": "IT and Head Office",
                "basis": "fixed",
                "note": "By the people who work at each branch, agreed once a year.",
            }
        )
        version = self.env["distribution.key.version"].create(
            {
                "key_id": key.id,
                "date_from": self.plan.settings.months[0],
                "line_ids": [
                    Command.create({"branch_id": branch.id, "percent": percent})
                    for branch, percent in self._shares()
                ],
            }
        )
        version.action_activate()
        return key

    def _post(self, prepared):
        bills = self.env["account.move"].create(prepared)
        bills.sorted(lambda bill: (bill.invoice_date, bill.id)).action_post()
        return bills

    def _pay(self, bills):
        """What came in the first two months is paid."""
        last = self.plan.settings.months[-1]
        paid = bills.filtered(lambda bill: bill.invoice_date < last)
        by_month = paid.grouped(lambda bill: bill.invoice_date.replace(day=1))
        for month, together in sorted(by_month.items()):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=together.ids
            ).create(
                {"payment_date": month + timedelta(days=27), "group_payment": False}
            )._create_payments()

    # Entries.

    def _write_wages(self, month):
        """One entry for the payroll of all branches."""
        day = self._day(month, WAGES_DAY)
        if not day:
            return
        costs = {
            branch: OVERHEADS[key]["wages"] for key, branch in self._branches().items()
        }
        lines = [
            {
                "account_id": self.book.accounts["wages"].id,
                "name": f"Wages, {branch.name}",
                "balance": amount,
                "own_branch_id": branch.id,
            }
            for branch, amount in costs.items()
        ]
        lines += [
            {
                "account_id": self.book.accounts["payroll"].id,
                "name": f"Net wages and taxes, {branch.name}",
                "balance": -amount,
                "own_branch_id": branch.id,
            }
            for branch, amount in costs.items()
        ]
        self._entry(day, "Payroll", lines).action_post()

    def _entry(self, day, ref, lines, **values):
        return self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": day,
                "ref": ref,
                "line_ids": [Command.create(line) for line in lines],
                **values,
            }
        )

    # What is left to do.

    def _write_unassigned(self):
        """Bills that nobody has given a branch."""
        self._post(
            [
                self._bill(
                    "freight",
                    self.plan.settings.months[month] + timedelta(days=19 + number),
                    [self._line("shared", name, amount)],
                )
                | {"ref": name}
                for number, (name, amount, month) in enumerate(UNASSIGNED)
            ]
        )

    def _write_cash(self):
        """Something was paid from the cash box of each branch; one is to be confirmed."""
        yesterday = self.plan.settings.today - timedelta(days=1)
        entries = self.env["account.move"]
        for branch in self.book.branches.values():
            cash = self.env["account.journal"].search(
                [("type", "=", "cash"), ("branch_id", "=", branch.id)], limit=1
            )
            lines = [
                {
                    "account_id": self.book.accounts["energy"].id,
                    "name": "Gas bottles",
                    "balance": PROPOSED_COSTS,
                },
                {
                    "account_id": cash.default_account_id.id,
                    "name": "Gas bottles",
                    "balance": -PROPOSED_COSTS,
                },
            ]
            entries |= self._entry(
                yesterday, "Cash box", lines, journal_id=cash.id, branch_id=branch.id
            )
        keeping(entries[:1]).branch_proposed = True
        entries[1:].action_post()
