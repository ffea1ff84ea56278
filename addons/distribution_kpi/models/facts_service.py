from odoo import api, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from . import sale_lines
from .kpi import Kpi
from .sale_lines import FILLED, IN_FULL, OF_LINE

# Definitions stand outside of any environment, and are translated when they are read.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)


class DistributionKpiFacts(models.AbstractModel):
    """Service: what customers got of what they were first promised."""

    _inherit = "distribution.kpi.facts"

    @api.model
    def _kpis(self):
        return [*super()._kpis(), *FILL_RATES, *ORDERS]

    # Fill rates: lines by the day they were first promised for.

    def _promised_lines(self, period):
        """Lines first promised for days of the period, as delivered by the end of it."""
        day = period.day_of(SQL("line.first_promised_at"))
        return sale_lines.lines(
            day,
            period.end_of(SQL("day.day")),
            SQL(
                "line.company_id IN %s AND %s",
                period.company_ids,
                period.has(SQL("line.first_promised_at")),
            ),
        )

    def _facts_line_fill_rate(self, period):
        return SQL(
            """SELECT %s, CASE WHEN %s THEN 1 ELSE 0 END AS numerator, 1 AS denominator
                 FROM (%s) line""",
            OF_LINE,
            IN_FULL,
            self._promised_lines(period),
        )

    def _facts_unit_fill_rate(self, period):
        return SQL(
            "SELECT %s, %s AS numerator, line.ordered AS denominator FROM (%s) line",
            OF_LINE,
            FILLED,
            self._promised_lines(period),
        )

    def _facts_value_fill_rate(self, period):
        return SQL(
            """SELECT %s, line.value * %s / line.ordered AS numerator,
                      line.value AS denominator
                 FROM (%s) line""",
            OF_LINE,
            FILLED,
            self._promised_lines(period),
        )

    # Orders, by the last day that any of their lines was promised for.

    def _promised_orders(self, period, before):
        """Orders last promised for days of the period, and whether each was filled.

        :param before: when the lines of an order must have been delivered
        """
        last_day = SQL(
            """JOIN (SELECT line.order_id, MAX(line.first_promised_at) AS last_at
                       FROM sale_order_line line
                       JOIN product_product product ON product.id = line.product_id
                       JOIN product_template template
                         ON template.id = product.product_tmpl_id
                      WHERE line.order_id IN (
                            SELECT one.order_id FROM sale_order_line one WHERE %s)
                        AND %s
                      GROUP BY line.order_id) last
                 ON last.order_id = sale.id AND %s""",
            period.has(SQL("one.first_promised_at")),
            sale_lines.OF_GOODS,
            period.has(SQL("last.last_at")),
        )
        lines = sale_lines.lines(
            period.day_of(SQL("last.last_at")),
            before,
            SQL("line.company_id IN %s", period.company_ids),
            last_day,
        )
        return SQL(
            """SELECT line.day, line.company_id, line.branch_id,
                      NULL::integer AS category_id, line.industry_id, line.team_id,
                      line.order_id AS res_id, SPLIT_PART(MIN(line.label), ' · ', 1) AS label,
                      CASE WHEN BOOL_AND(%s) THEN 1 ELSE 0 END AS numerator,
                      1 AS denominator
                 FROM (%s) line
                GROUP BY line.day, line.company_id, line.branch_id, line.industry_id,
                         line.team_id, line.order_id""",
            IN_FULL,
            lines,
        )

    def _facts_order_fill_rate(self, period):
        return self._promised_orders(period, period.end_of(SQL("day.day")))

    def _facts_on_time_in_full(self, period):
        own_day = period.day_of(SQL("line.first_promised_at"))
        return self._promised_orders(period, period.end_of(own_day))

    def _facts_order_accuracy(self, period):
        """Lines whose goods last left so many days before."""
        days = int(period.parameters["settled_after"])
        moved = SQL(
            """JOIN (SELECT DISTINCT move.sale_line_id
                       FROM stock_move move
                      WHERE move.state = 'done' AND move.sale_line_id IS NOT NULL
                        AND move.date >= %(begin)s - %(days)s
                        AND move.date < %(end)s - %(rest)s) moved
                 ON moved.sale_line_id = line.id""",
            begin=period.begin_utc,
            end=period.end_utc,
            # A day more on both sides: clocks may be changed in between.
            days=SQL("MAKE_INTERVAL(days => %s)", days + 1),
            rest=SQL("MAKE_INTERVAL(days => %s)", max(days - 1, 0)),
        )
        # Each day of the period looks at the line as it was at the end of that day.
        lines = sale_lines.lines(
            SQL("looked.day::date"),
            period.end_of(SQL("day.day")),
            SQL("line.company_id IN %s", period.company_ids),
            SQL(
                "%s CROSS JOIN GENERATE_SERIES(%s::date, %s::date, '1 day') looked (day)",
                moved,
                period.start,
                period.end,
            ),
        )
        return SQL(
            """SELECT %(of_line)s, 1 AS denominator,
                      CASE WHEN ABS(line.delivered - line.ordered) < 0.000001
                                AND NOT returned.is_any THEN 1 ELSE 0 END AS numerator
                 FROM (%(lines)s) line
           CROSS JOIN LATERAL (%(returned)s) returned
                WHERE %(last_day)s + %(days)s = line.day""",
            of_line=OF_LINE,
            lines=lines,
            returned=_returned(period.end_of(SQL("line.day"))),
            last_day=period.day_of(SQL("line.last_at")),
            days=days,
        )


def _returned(before):
    """Whether a customer sent back anything of `line` before a moment."""
    return SQL(
        """SELECT COUNT(*) > 0 AS is_any
             FROM stock_move move
             JOIN stock_location origin ON origin.id = move.location_id
             JOIN stock_location target ON target.id = move.location_dest_id
            WHERE move.sale_line_id = line.id AND move.state = 'done'
              AND move.date < %s AND %s AND NOT %s""",
        before,
        sale_lines.FROM_OUT,
        sale_lines.TO_OUT,
    )


def _service(**values):
    return Kpi(
        theme="service",
        unit="percent",
        direction="up",
        kind="flow",
        scale=100,
        **values,
    )


FILL_RATES = (
    _service(
        code="line_fill_rate",
        name=_lt("Line fill rate"),
        description=_lt(
            "Of the order lines of goods that were first promised for the day, those that "
            "were delivered in full by the end of it. The first promise counts, also where "
            "another date was agreed later. What was cancelled after it was promised was "
            "not filled. Quantities are those of the order as it is now."
        ),
        formula=_lt(
            "Lines delivered in full by the first promised day / lines promised"
        ),
        model="sale.order.line",
        facts="_facts_line_fill_rate",
    ),
    _service(
        code="unit_fill_rate",
        name=_lt("Unit fill rate"),
        description=_lt(
            "Of the units that were first promised for the day, those that were delivered "
            "by the end of it, in the unit of each product. More than was ordered does not "
            "count."
        ),
        formula=_lt("Units delivered by the first promised day / units promised"),
        model="sale.order.line",
        facts="_facts_unit_fill_rate",
    ),
    _service(
        code="value_fill_rate",
        name=_lt("Value fill rate"),
        description=_lt(
            "Of the sales value, without taxes, of lines first promised for the day, what "
            "was delivered by the end of it."
        ),
        formula=_lt("Value delivered by the first promised day / value promised"),
        model="sale.order.line",
        facts="_facts_value_fill_rate",
    ),
)
ORDERS = (
    _service(
        code="order_fill_rate",
        name=_lt("Order fill rate"),
        description=_lt(
            "Of the orders whose last first promise was for the day, those of which every "
            "line was delivered in full by the end of it."
        ),
        formula=_lt("Orders complete by their last promised day / orders promised"),
        model="sale.order",
        facts="_facts_order_fill_rate",
        dimensions=("segment", "channel"),
    ),
    _service(
        code="on_time_in_full",
        name=_lt("On time in full"),
        description=_lt(
            "As the order fill rate, but each line must have been delivered in full by the "
            "end of the day that it was itself first promised for."
        ),
        formula=_lt("Orders with every line in full on its day / orders promised"),
        model="sale.order",
        facts="_facts_on_time_in_full",
        dimensions=("segment", "channel"),
    ),
    _service(
        code="order_accuracy",
        name=_lt("Order accuracy"),
        description=_lt(
            "Of the lines whose goods last left a number of days before, those of which "
            "exactly what was ordered had been delivered by the end of the day, and nothing "
            "had come back."
        ),
        formula=_lt("Lines delivered exactly and not returned / lines delivered"),
        model="sale.order.line",
        facts="_facts_order_accuracy",
        parameters={"settled_after": 14},
        parameter_names={"settled_after": _lt("Days after the delivery")},
    ),
)
