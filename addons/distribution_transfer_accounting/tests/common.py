from odoo.addons.distribution_accounting.tests.common import AccountingCase
from odoo.addons.distribution_transfer.tests.common import TransferCase
from odoo.addons.distribution_transfer.tests.test_freight import FreightCase


class BooksCase(FreightCase):
    """Transfers of a company that keeps accounts by branch.

    Bolts (cost 4) are valued at each invoice, nuts (cost 1) at the closing. Figures:
    `_balances` of accounts by branch, `_booked` of the company's account of that field.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company)
        cls.perpetual, cls.periodic = cls.env["product.category"].create(
            [
                {
                    "name": name,
                    "property_valuation": valuation,
                    "property_cost_method": "average",
                }
                for name, valuation in (("Bolts", "real_time"), ("Nuts", "periodic"))
            ]
        )
        for product, category in (
            (cls.bolt, cls.perpetual),
            (cls.nut, cls.periodic),
        ):
            cost = product.standard_price
            product.categ_id = category
            product.standard_price = cost
        cls.stock_account = cls.perpetual.property_stock_valuation_account_id

    _balances = AccountingCase._balances

    def _booked(self, field):
        return self._balances(self.company[field])

    def _price(self, rule, percent=0.0, deferred=False, **values):
        self.lane_north.write(
            {
                "price_rule": rule,
                "price_percent": percent,
                "price_deferred": deferred,
                **values,
            }
        )

    def _carried(self, **values):
        """A transfer to the north depot that has arrived in full."""
        transfer = self._request(**values)
        self._ship(transfer)
        self._receive(transfer)
        return transfer


class LedgerCase(TransferCase):
    """All that happens in a company: orders, invoices, bills, closings and transfers.

    `bolt` is valued at each invoice (average cost 4.00), `tape` at the closing (standard
    price 4.00); see `AccountingCase`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_books()

    _set_up_books = classmethod(AccountingCase._set_up_books.__func__)
    _account = classmethod(AccountingCase._account.__func__)
    _supply = AccountingCase._supply
    _bill = AccountingCase._bill
    _order = AccountingCase._order
    _invoice = AccountingCase._invoice
    _validate_all = AccountingCase._validate_all
    _charge = AccountingCase._charge
    _refund = AccountingCase._refund
    _entry = AccountingCase._entry
    _close = AccountingCase._close
    _balances = AccountingCase._balances
