from odoo import fields, models
from odoo.tools import SQL


def ratio(numerator, denominator):
    """The quotient of two sums as `SQL`; the first sum where there is no denominator."""
    return SQL(
        """CASE WHEN COUNT(%(denominator)s) = 0 THEN SUM(%(numerator)s)
                ELSE SUM(%(numerator)s) / NULLIF(SUM(%(denominator)s), 0) END""",
        numerator=numerator,
        denominator=denominator,
    )


class DistributionKpiRatioMixin(models.AbstractModel):
    """Rows with a numerator and a denominator, whose `value` is worked out by group.

    The value of a group is scale x sum of numerators / sum of denominators, never a sum or
    an average of values. Of what stands at the end of a day it is that of the last day of
    the group. Several KPIs together have no value.
    """

    _name = "distribution.kpi.ratio.mixin"
    _description = "Figure that is Divided after it is Added"

    kpi_id = fields.Many2one("distribution.kpi", string="KPI", readonly=True)
    day = fields.Date(readonly=True, help="In the time zone of the company.")
    is_state = fields.Boolean(
        string="At the End of a Day",
        readonly=True,
        help="The figure is what stands at the end of the day, not what happened on it.",
    )
    scale = fields.Float(
        digits=0, readonly=True, aggregator=None, help="100 for percent."
    )
    numerator = fields.Float(
        digits=0, readonly=True, help="What is added up above the line of the formula."
    )
    denominator = fields.Float(
        digits=0,
        readonly=True,
        help="What is added up below the line; nothing where the figure is a plain sum.",
    )
    value = fields.Float(
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="The figure. That of a group is worked out from the sums of both; of what "
        "stands at the end of a day, for the last day of the group.",
    )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec.partition(":")[0] != "value":
            return super()._read_group_select(aggregate_spec, query)
        names = ("kpi_id", "day", "is_state", "scale", "numerator", "denominator")
        column = {name: self._field_to_sql(self._table, name, query) for name in names}
        return SQL(
            """CASE WHEN COUNT(DISTINCT %(kpi_id)s) > 1 THEN NULL
                    WHEN BOOL_OR(%(is_state)s) THEN MAX(%(scale)s) * (%(of_last_day)s)
                    ELSE MAX(%(scale)s) * (%(of_all_days)s) END""",
            kpi_id=column["kpi_id"],
            is_state=column["is_state"],
            scale=column["scale"],
            of_last_day=self._ratio_of_last_day(column, query),
            of_all_days=ratio(column["numerator"], column["denominator"]),
        )

    def _ratio_of_last_day(self, column, query):
        """As `ratio`, of those rows of the group that have its last day."""
        return SQL(
            """SELECT CASE WHEN COUNT(*) > 0 THEN %(ratio)s
                           WHEN COUNT(%(denominator)s) = 0 THEN 0 END
                 FROM UNNEST(
                      ARRAY_AGG(%(day)s) FILTER (WHERE %(is_state)s),
                      ARRAY_AGG(%(numerator)s) FILTER (WHERE %(is_state)s),
                      ARRAY_AGG(%(denominator)s) FILTER (WHERE %(is_state)s)
                      ) AS fact (day, numerator, denominator)
                WHERE fact.day = (%(last_day)s)""",
            last_day=self._last_day_of_group(column, query),
            ratio=ratio(SQL("fact.numerator"), SQL("fact.denominator")),
            day=column["day"],
            is_state=column["is_state"],
            numerator=column["numerator"],
            denominator=column["denominator"],
        )

    def _last_day_of_group(self, column, query):
        """The day of which a group of states has the figure, as `SQL`."""
        return SQL("MAX(%s)", column["day"])
