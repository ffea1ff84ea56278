from odoo import api, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.distribution_accounting.report import distribution_branch_margin_sql

from .kpi import Kpi

# Definitions stand outside of any environment, and are translated when they are read.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)
EVERY_LINE = SQL("TRUE")


class DistributionKpiFacts(models.AbstractModel):
    """Margin: what is left of the price of what was invoiced.

    Lines, their cost and list price are those of the margin report of branches.
    """

    _inherit = "distribution.kpi.facts"

    @api.model
    def _kpis(self):
        return [*super()._kpis(), *MARGIN]

    def _invoiced(self, period, numerator, denominator, where=EVERY_LINE):
        """Invoiced lines of the period, with two amounts of theirs."""
        has_order_cost = "purchase_price" in self.env["sale.order.line"]._fields
        lines = distribution_branch_margin_sql.lines(
            has_order_cost, (period.start, period.end)
        )
        return SQL(
            """SELECT sale.date AS day, sale.company_id, sale.branch_id, sale.category_id,
                      customer.industry_id, sale.team_id, sale.line_id AS res_id,
                      CONCAT_WS(' · ', move.name, SPLIT_PART(line.name, E'\\n', 1))
                          AS label,
                      %(numerator)s AS numerator, %(denominator)s AS denominator
                 FROM (%(lines)s) sale
                 JOIN account_move_line line ON line.id = sale.line_id
                 JOIN account_move move ON move.id = sale.move_id
            LEFT JOIN res_partner customer ON customer.id = sale.partner_id
                WHERE %(where)s""",
            numerator=numerator,
            denominator=denominator,
            lines=lines,
            where=where,
        )

    def _facts_net_sales(self, period):
        return self._invoiced(period, SQL("sale.income"), SQL("NULL::numeric"))

    def _facts_gross_margin(self, period):
        return self._invoiced(
            period, SQL("sale.income - sale.cost"), SQL("sale.income")
        )

    def _facts_margin_leakage(self, period):
        return self._invoiced(
            period,
            SQL("sale.list_value - sale.income"),
            SQL("NULL::numeric"),
            SQL("NOT sale.is_claim"),
        )

    def _facts_margin_leakage_rate(self, period):
        return self._invoiced(
            period,
            SQL("sale.list_value - sale.income"),
            SQL("sale.list_value"),
            SQL("NOT sale.is_claim"),
        )


def _margin(**values):
    return Kpi(theme="margin", kind="flow", model="account.move.line", **values)


MARGIN = (
    _margin(
        code="net_sales",
        name=_lt("Net sales"),
        description=_lt(
            "What was invoiced to customers, without taxes, less credit notes, by the "
            "accounting date, in company currency."
        ),
        formula=_lt("Invoices - credit notes"),
        unit="money",
        direction="up",
        facts="_facts_net_sales",
    ),
    _margin(
        code="gross_margin",
        name=_lt("Gross margin"),
        description=_lt(
            "What is left of net sales after the cost of the goods, as the margin report "
            "of the branches has them: the cost that was posted with the invoice, else that "
            "of the order, else that of the product. Freight is left out, because that of a "
            "day is known only when the month is over."
        ),
        formula=_lt("(Net sales - cost of goods) / net sales"),
        unit="percent",
        direction="up",
        scale=100,
        facts="_facts_gross_margin",
    ),
    _margin(
        code="margin_leakage",
        name=_lt("Margin leakage"),
        description=_lt(
            "What was given away on invoiced lines: the list price of the day of the order "
            "less the price that was charged, whether by a price list, an agreed price or a "
            "discount. Lines above the list price count against it; credit notes are left "
            "out."
        ),
        formula=_lt("List price - price charged"),
        unit="money",
        direction="down",
        facts="_facts_margin_leakage",
    ),
    _margin(
        code="margin_leakage_rate",
        name=_lt("Margin leakage rate"),
        description=_lt("The margin leakage, in percent of the list price."),
        formula=_lt("(List price - price charged) / list price"),
        unit="percent",
        direction="down",
        scale=100,
        facts="_facts_margin_leakage_rate",
    ),
)
