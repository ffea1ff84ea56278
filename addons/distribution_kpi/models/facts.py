from odoo import api, models


class DistributionKpiFacts(models.AbstractModel):
    """The KPIs there are, and the query of the facts of each.

    Extended theme by theme: `_kpis` adds definitions, and a method of the name that a
    definition gives as `facts` takes a `Period` and returns one SELECT as `SQL`, with the
    columns `day`, `company_id`, `branch_id`, `category_id`, `industry_id`, `team_id`,
    `res_id`, `label`, `numerator` and `denominator`. Facts of other companies than
    `period.company_ids`, or of other days, are left out by who asks; a query that leaves
    them out itself is quicker. A query reads tables only, not what the user may read.
    """

    _name = "distribution.kpi.facts"
    _description = "Facts of KPIs"

    @api.model
    def _kpis(self):
        """The definitions, as a list of `Kpi`."""
        return []

    @api.model
    def _kpi_by_code(self):
        return {kpi.code: kpi for kpi in self._kpis()}
