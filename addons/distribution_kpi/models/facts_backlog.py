from odoo import api, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from . import sale_lines, stock_sql
from .kpi import Kpi
from .sale_lines import OF_LINE

# Definitions stand outside of any environment, and are translated when they are read.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

# What came back was delivered: it is refunded, or replaced by goods of their own.
OPEN = SQL("(line.ordered - line.shipped)")
OPEN_SHARE = SQL("(%s / line.ordered)", OPEN)
OPEN_VALUE = SQL("(line.value * %s)", OPEN_SHARE)
# Days since the first promise; 0 on the day that it was promised for.
AGE = SQL("(line.day - line.promised_day)")
# The lines that an order was made with have been open since it was confirmed, also where it
# was imported later. One that was added later was not open before.
FIRST = SQL(
    """line.create_date IS NOT DISTINCT FROM (
           SELECT MIN(first.create_date) FROM sale_order_line first
            WHERE first.order_id = line.order_id)"""
)
ONE = SQL("1")
NO_DENOMINATOR = SQL("NULL::numeric")


class DistributionKpiFacts(models.AbstractModel):
    """Backlog: what customers had ordered and not got at the end of a day.

    What was open then is told from the dates of confirmations, deliveries and
    cancellations. Quantities and prices are as they are now: Odoo keeps no others.
    """

    _inherit = "distribution.kpi.facts"

    @api.model
    def _kpis(self):
        return [*super()._kpis(), *BACKLOG, *BACKORDERS]

    def _open_lines(self, period):
        """Lines that were open at the end of the period, with `promised_day`."""
        open_since = SQL(
            """JOIN (%s) candidate ON candidate.id = line.id""", _candidates(period)
        )
        lines = sale_lines.lines(
            SQL("%s::date", period.end),
            period.end_utc,
            SQL(
                """sale.state IN ('sale', 'cancel')
                   AND (sale.state = 'sale' OR sale.cancelled_at >= %(end)s)
                   AND sale.date_order < %(end)s
                   AND line.company_id IN %(companies)s""",
                end=period.end_utc,
                companies=period.company_ids,
            ),
            open_since,
        )
        return SQL(
            """WITH line AS MATERIALIZED (
                    -- Apart: what follows is looked up for undelivered lines alone.
                    SELECT * FROM (%(lines)s) line
                     WHERE line.shipped < line.ordered - 0.000001)
               SELECT line.*, %(promised_day)s AS promised_day
                 FROM line JOIN sale_order sale ON sale.id = line.order_id
                WHERE (line.create_date < %(end)s OR %(first)s) AND %(to_come)s""",
            lines=lines,
            promised_day=period.day_of(SQL("line.promised_at")),
            end=period.end_utc,
            first=FIRST,
            to_come=_to_come(period),
        )

    def _open_facts(self, period, numerator, denominator, where):
        return SQL(
            "SELECT %s, %s AS numerator, %s AS denominator FROM (%s) line WHERE %s",
            OF_LINE,
            numerator,
            denominator,
            self._open_lines(period),
            where,
        )

    def _facts_backlog_value(self, period):
        return self._open_facts(period, OPEN_VALUE, NO_DENOMINATOR, SQL("TRUE"))

    def _facts_backlog_lines(self, period):
        return self._open_facts(period, ONE, NO_DENOMINATOR, SQL("TRUE"))

    def _facts_backlog_at_risk(self, period):
        """Lines due soon or late, and the part of each that no stock of the branch covers.

        The stock covers lines in the order of their first promises.
        """
        stock = stock_sql.stock_of_days(
            type(period)(
                period.end, period.end, period.tz, period.company_ids, period.parameters
            ),
            condition=SQL("location.usage = 'internal'"),
            products=SQL("SELECT product_id FROM backlog"),
        )
        return SQL(
            """WITH backlog AS MATERIALIZED (%(lines)s),
                    stock AS (%(stock)s),
                    wanted AS (
                        SELECT line.*, %(open)s AS due,
                               SUM(%(open)s) OVER (
                                   PARTITION BY line.branch_id, line.product_id
                                   ORDER BY line.promised_at, line.id
                               ) AS due_so_far,
                               GREATEST(COALESCE(stock.quantity, 0), 0) AS held
                          FROM backlog line
                          JOIN product_product product ON product.id = line.product_id
                          JOIN product_template template
                            ON template.id = product.product_tmpl_id
                           AND template.is_storable
                     LEFT JOIN stock ON stock.branch_id = line.branch_id
                                    AND stock.product_id = line.product_id)
               SELECT %(of_line)s,
                      line.value * LEAST(line.due, GREATEST(line.due_so_far - line.held, 0))
                          / line.ordered AS numerator,
                      NULL::numeric AS denominator
                 FROM wanted line
                WHERE line.promised_day <= line.day + %(days)s
                  AND line.due_so_far > line.held""",
            lines=self._open_lines(period),
            stock=stock,
            open=OPEN,
            of_line=OF_LINE,
            days=int(period.parameters["within_days"]),
        )

    def _backorders(self, period, first, last=None):
        """Value of late lines whose age in days is within the two."""
        where = SQL("%s >= %s", AGE, first)
        if last is not None:
            where = SQL("%s AND %s <= %s", where, AGE, last)
        return self._open_facts(period, OPEN_VALUE, NO_DENOMINATOR, where)

    def _facts_backorder_age_0_2(self, period):
        return self._backorders(period, 0, 2)

    def _facts_backorder_age_3_7(self, period):
        return self._backorders(period, 3, 7)

    def _facts_backorder_age_8_30(self, period):
        return self._backorders(period, 8, 30)

    def _facts_backorder_age_over_30(self, period):
        return self._backorders(period, 31)

    def _facts_backorder_age(self, period):
        return self._open_facts(period, AGE, ONE, SQL("%s >= 0", AGE))


def _to_come(period):
    """Whether anything of `line` was still to leave at the end of the period.

    Nothing is, where what was not delivered was dropped: a delivery without a backorder, or
    one that was cancelled. A line for which nothing was planned yet is still to leave.
    """
    return SQL(
        """COALESCE((
            SELECT BOOL_OR(CASE move.state
                                WHEN 'done' THEN move.date >= %(end)s
                                WHEN 'cancel' THEN COALESCE(move.cancelled_at,
                                     sale.cancelled_at, '-infinity') >= %(end)s
                                ELSE TRUE END)
              FROM stock_move move
              JOIN stock_location target
                ON target.id = COALESCE(move.location_final_id, move.location_dest_id)
             WHERE move.sale_line_id = line.id AND %(to_out)s
              ), TRUE)""",
        end=period.end_utc,
        to_out=sale_lines.TO_OUT,
    )


def _candidates(period):
    """Lines that can have been open: those that are, and those that were settled since.

    Most lines of the past are delivered, and nothing has happened to them since.
    """
    return SQL(
        """SELECT still.id FROM sale_order_line still
            WHERE still.state = 'sale' AND still.product_uom_qty > still.qty_delivered
           UNION
           SELECT move.sale_line_id FROM stock_move move
            WHERE move.state = 'done' AND move.date >= %(end)s
              AND move.sale_line_id IS NOT NULL
           UNION
           SELECT dropped.sale_line_id FROM stock_move dropped
            WHERE dropped.cancelled_at >= %(end)s AND dropped.sale_line_id IS NOT NULL
           UNION
           SELECT lost.id FROM sale_order_line lost
             JOIN sale_order lost_order ON lost_order.id = lost.order_id
            WHERE lost_order.cancelled_at >= %(end)s""",
        end=period.end_utc,
    )


def _backlog(**values):
    return Kpi(
        **{
            "theme": "backlog",
            "unit": "money",
            "direction": "down",
            "kind": "state",
            "model": "sale.order.line",
            **values,
        }
    )


BACKLOG = (
    _backlog(
        code="backlog_value",
        name=_lt("Backlog"),
        description=_lt(
            "The sales value, without taxes and in company currency, of goods that were "
            "ordered and confirmed and not yet delivered at the end of the day, whether "
            "late or not. What is not to be delivered any more, because the backorder was "
            "dropped, and what came back are left out."
        ),
        formula=_lt("Value of open quantities"),
        facts="_facts_backlog_value",
    ),
    _backlog(
        code="backlog_lines",
        name=_lt("Backlog lines"),
        description=_lt(
            "Confirmed order lines of goods that were not delivered in full at the end of "
            "the day, and of which something was still to be delivered."
        ),
        formula=_lt("Count of open lines"),
        unit="count",
        facts="_facts_backlog_lines",
    ),
    _backlog(
        code="backlog_at_risk",
        name=_lt("Backlog at risk"),
        description=_lt(
            "The value of open quantities whose first promise is past or within the days "
            "given, and which the stock of the branch at the end of the day did not cover. "
            "The stock covers the open lines of a product in the order of their first "
            "promises. Goods that are kept in quality or damaged areas count as stock; goods "
            "of which no stock is kept are never at risk."
        ),
        formula=_lt("Value of open quantities due soon without stock"),
        facts="_facts_backlog_at_risk",
        parameters={"within_days": 2},
        parameter_names={"within_days": _lt("Due within days")},
    ),
)
BACKORDERS = (
    _backlog(
        code="backorder_age",
        name=_lt("Age of backorders"),
        description=_lt(
            "Days since the first promise, on average of the lines that were not delivered "
            "in full at the end of the day and whose first promise was for that day or "
            "before."
        ),
        formula=_lt("Days since the first promise / late lines"),
        unit="days",
        facts="_facts_backorder_age",
    ),
    _backlog(
        code="backorder_age_0_2",
        name=_lt("Backorders up to 2 days"),
        description=_lt(
            "The value of open quantities whose first promise was for the day or up to 2 "
            "days before."
        ),
        formula=_lt("Value of open quantities, 0 to 2 days late"),
        facts="_facts_backorder_age_0_2",
    ),
    _backlog(
        code="backorder_age_3_7",
        name=_lt("Backorders of 3 to 7 days"),
        description=_lt(
            "The value of open quantities whose first promise was 3 to 7 days before."
        ),
        formula=_lt("Value of open quantities, 3 to 7 days late"),
        facts="_facts_backorder_age_3_7",
    ),
    _backlog(
        code="backorder_age_8_30",
        name=_lt("Backorders of 8 to 30 days"),
        description=_lt(
            "The value of open quantities whose first promise was 8 to 30 days before."
        ),
        formula=_lt("Value of open quantities, 8 to 30 days late"),
        facts="_facts_backorder_age_8_30",
    ),
    _backlog(
        code="backorder_age_over_30",
        name=_lt("Backorders over 30 days"),
        description=_lt(
            "The value of open quantities whose first promise was more than 30 days before."
        ),
        formula=_lt("Value of open quantities, over 30 days late"),
        facts="_facts_backorder_age_over_30",
    ),
)
