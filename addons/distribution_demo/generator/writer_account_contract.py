"""Contracts: goods bought for them, called off, invoiced and paid. Needs the suite."""

from datetime import timedelta

from odoo import Command

from .accounts import (
    CONTRACTS,
    SLOW_CONTRACT,
    contracts_of,
    plan_contract_purchases,
    plan_contract_sales,
)
from .writer import Writer
from .writer_purchase import PurchaseWriter
from .writer_sale import SaleWriter


class ContractCustomerWriter(Writer):
    """The customers of the contracts, by the index of their contract."""

    theme = "contract customers"

    def run(self):
        industries = self.env["res.partner.industry"].search([])
        by_name = {industry.name: industry.id for industry in industries}
        for contract in contracts_of(self.plan.branches):
            index = CONTRACTS.index(contract)
            days = 15 if index == SLOW_CONTRACT else 30
            term = self.env.ref(f"account.account_payment_term_{days}days")
            branch = next(b for b in self.plan.branches if b.key == contract.branch)
            partner = self.env["res.partner"].create(
                {
                    "name": contract.customer,
                    "ref": f"K{index + 1:04d}",
                    "is_company": True,
                    "customer_rank": 1,
                    "city": branch.city,
                    "zip": branch.zip,
                    "country_id": self.company.country_id.id,
                    "industry_id": by_name.get(contract.segment),
                    "property_payment_term_id": term.id,
                }
            )
            self.book.contract_customers[index] = partner.id


class ContractPurchaseWriter(PurchaseWriter):
    theme = "purchases for contracts"

    def run(self):
        return super().run() if self.plan.sales else None

    def _purchases(self):
        plan = self.plan
        sales = plan_contract_sales(plan.settings, plan.products, plan.branches)
        return plan_contract_purchases(
            plan.settings, plan.products, plan.branches, sales
        )

    def _confirm(self, orders):
        super()._confirm(orders)
        self._bill_early(self._at(orders, "open"))
        return orders

    def _bill(self, orders):
        """Billed as received; those of the first month are paid."""
        super()._bill(orders)
        first = self.plan.settings.months[0]
        self._pay(
            orders.invoice_ids.filtered(
                lambda bill: bill.invoice_date < first + timedelta(days=28)
            ),
            first + timedelta(days=35),
        )
        return orders

    def _pay(self, bills, day):
        if bills:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=bills.ids
            ).create({"payment_date": day, "group_payment": False})._create_payments()

    def _bill_early(self, orders):
        """The bill came with the order; the goods are still to come."""
        for order in orders:
            day = self._planned[order.id].ordered.date() + timedelta(days=2)
            lines = [
                Command.create(
                    {
                        **line._prepare_account_move_line(),
                        "quantity": line.product_qty,
                    }
                )
                for line in order.order_line
            ]
            values = order._prepare_invoice()
            values.update(invoice_date=day, date=day, invoice_line_ids=lines)
            values["ref"] = f"{order.partner_id.ref}-{order.id:05d}"
            self.env["account.move"].create(values).action_post()


class ContractSaleWriter(SaleWriter):
    theme = "contracts"

    def run(self):
        return super().run() if self.plan.sales else None

    def _sales(self):
        plan = self.plan
        return plan_contract_sales(plan.settings, plan.products, plan.branches)

    def _customer(self, sale):
        return self.book.contract_customers[sale.customer]
