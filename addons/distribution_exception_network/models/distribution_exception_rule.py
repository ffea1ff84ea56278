from odoo import api, fields, models, tools
from odoo.tools import SQL


class DistributionExceptionRule(models.Model):
    """Branches in exceptions: thresholds, opening hours, owners and the next level."""

    _inherit = "distribution.exception.rule"

    threshold_ids = fields.One2many(
        "distribution.exception.threshold",
        "rule_id",
        string="Thresholds by Branch and Category",
        copy=True,
    )

    @api.model
    def _selection_owner(self):
        return [
            *super()._selection_owner(),
            ("manager", self.env._("The manager of the branch")),
        ]

    def _extra_columns(self):
        return {
            **super()._extra_columns(),
            "branch_id": SQL("b.id"),
            "region_id": SQL("b.region_id"),
            "category_id": SQL("x.category_id"),
        }

    def _extra_joins(self):
        """The branch: that of the finding, of its warehouse, or the record's own."""
        candidates = [SQL("x.branch_id"), SQL("w.branch_id")]
        joins = [SQL("LEFT JOIN stock_warehouse w ON w.id = x.warehouse_id")]
        if self._has_branch():
            table = SQL.identifier(self.env[self.model]._table)
            joins.append(SQL("LEFT JOIN %s own ON own.id = d.res_id", table))
            candidates.append(SQL("own.branch_id"))
        joins.append(
            SQL(
                "LEFT JOIN distribution_branch b ON b.id = COALESCE(%s)",
                SQL(", ").join(candidates),
            )
        )
        return [*super()._extra_joins(), *joins]

    def _has_branch(self):
        """Whether the records have a branch of their own, in the table."""
        field = self.env[self.model]._fields.get("branch_id")
        return bool(
            field
            and field.store
            and field.comodel_name == "distribution.branch"
            and self.env[self.model]._table_query is None
        )

    def _threshold_sql(self):
        """The most particular threshold: of the branch, then of the nearest category."""
        general = super()._threshold_sql()
        if not self.threshold_ids:
            return general
        return SQL(
            """COALESCE((
                SELECT t.value
                  FROM distribution_exception_threshold t
             LEFT JOIN product_category tc ON tc.id = t.category_id
             LEFT JOIN product_category fc ON fc.id = f.category_id
                 WHERE t.rule_id = %(rule)s
                   AND (t.branch_id IS NULL OR t.branch_id = f.branch_id)
                   AND (t.category_id IS NULL
                        OR fc.parent_path LIKE tc.parent_path || '%%')
              ORDER BY t.branch_id IS NULL, t.category_id IS NULL,
                       length(tc.parent_path) DESC
                 LIMIT 1), %(general)s)""",
            rule=self.id,
            general=general,
        )

    def _owner_sql(self):
        if self.owner == "manager":
            return SQL(
                """(SELECT u.id FROM distribution_branch managed JOIN res_users u
                        ON u.id = managed.manager_id AND u.active
                     WHERE managed.id = f.branch_id)"""
            )
        return super()._owner_sql()

    def _due_sql(self, now, hours):
        """In the opening hours of the branch; by the clock where it has none."""
        by_clock = super()._due_sql(now, hours)
        Calendar = self.env["resource.calendar"].sudo()  # opening hours are no secret
        moments = {}
        for branch_id, calendar_id, zone in self._calendars_of_branches():
            key = calendar_id, zone
            if key not in moments:
                calendar = Calendar.browse(calendar_id)
                moments[key] = calendar._after_opening_hours(now, hours, zone), []
            moments[key][1].append(branch_id)
        cases = [
            SQL("WHEN f.branch_id = ANY(%s) THEN %s::timestamp", branch_ids, moment)
            for moment, branch_ids in moments.values()
        ]
        if not cases:
            return by_clock
        return SQL("(CASE %s ELSE %s END)", SQL(" ").join(cases), by_clock)

    @api.model
    @tools.ormcache()
    def _calendars_of_branches(self):
        """(branch id, calendar id, time zone) of the branches with opening hours."""
        # As superuser: whoever causes an exception need not see all branches.
        branches = self.env["distribution.branch"].sudo()
        branches = branches.with_context(active_test=False).search(
            [("calendar_id", "!=", False)]
        )
        return tuple(
            (branch.id, branch.calendar_id.id, branch._timezone())
            for branch in branches
        )

    @api.model
    def _escalation_user_sql(self):
        """The manager of the nearest region above that has one; else as the rule says."""
        return SQL(
            """COALESCE((
                SELECT above.manager_id
                  FROM distribution_region above
                  JOIN res_users u ON u.id = above.manager_id AND u.active
                 WHERE region.parent_path LIKE above.parent_path || '%%'
              ORDER BY length(above.parent_path) DESC LIMIT 1), %s)""",
            super()._escalation_user_sql(),
        )

    @api.model
    def _escalation_joins(self):
        return [
            *super()._escalation_joins(),
            SQL("LEFT JOIN distribution_branch b ON b.id = e.branch_id"),
            SQL("LEFT JOIN distribution_region region ON region.id = b.region_id"),
        ]
