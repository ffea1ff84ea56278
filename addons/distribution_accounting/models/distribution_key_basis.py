from odoo import Command, fields, models
from odoo.exceptions import UserError


def in_percent(values, digits=2):
    """Shares of 100 % by values, rounded; what is left over goes to the largest.

    :param values: {anything: value}; what is not above nil gets nothing
    :param digits: decimals of a percentage
    :return: {the same: percent}, in the order of `values`; empty where nothing is above nil
    """
    values = {key: value for key, value in values.items() if value > 0}
    total = sum(values.values())
    if not total:
        return {}
    shares = {
        key: round(100.0 * value / total, digits) for key, value in values.items()
    }
    largest = max(values, key=values.get)
    rest = 100.0 - sum(shares.values())
    shares[largest] = round(shares[largest] + rest, digits)
    return {key: share for key, share in shares.items() if share > 0}


class DistributionKey(models.Model):
    """Percentages from what is known of the branches."""

    _inherit = "distribution.key"

    def _measure(self, start):
        """What the shares go by: {branch: value}, in the unit of the basis.

        Revenue is that of the month of `start`; head-count and floor space are those of
        now. Income that was itself spread by a key is left out, so that computing again
        gives the same.
        """
        self.ensure_one()
        if self.basis == "revenue":
            return self._measure_revenue(start)
        # As superuser: the key is of all branches, whoever distributes by it.
        branches = self.env["distribution.branch"].sudo()
        branches = branches.search([("company_id", "=", self.company_id.id)])
        if self.basis == "head_count":
            return {branch: branch._heads() for branch in branches}
        return {branch: branch.floor_space for branch in branches}

    def _measure_revenue(self, start):
        column = self.env["account.analytic.plan"]._branch_column()
        # As superuser: as for the other bases.
        groups = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", self.company_id.id),
                    ("date", ">=", start),
                    ("date", "<=", fields.Date.end_of(start, "month")),
                    ("general_account_id.branch_section", "=", "sales"),
                    ("move_line_id", "!=", False),
                    ("move_line_id.distribution_key_id", "=", False),
                    (column, "!=", False),
                ],
                [column],
                ["amount:sum"],
            )
        )
        Branch = self.env["distribution.branch"].sudo()  # as above
        branches = Branch._analytic_map()
        values = {
            Branch.browse(branches[account.id][0]): amount
            for account, amount in groups
            if account.id in branches
        }
        order = [branch.id for branch in Branch.browse([b.id for b in values]).sorted()]
        return dict(sorted(values.items(), key=lambda item: order.index(item[0].id)))

    def _shares_from(self, start):
        """{branch: (percent, value of the basis)} from a date on; empty if there are none.

        :param start: for revenue, the first of the month
        """
        self.ensure_one()
        if self.basis == "fixed":
            lines = self._version_on(start).line_ids
            return {line.branch_id: (line.percent, 0.0) for line in lines}
        values = self._measure(start)
        digits = self.env["decimal.precision"].precision_get("Percentage Analytic")
        shares = in_percent(values, digits)
        return {branch: (share, values[branch]) for branch, share in shares.items()}

    def _prepare_version(self, start, shares):
        self.ensure_one()
        return {
            "key_id": self.id,
            "date_from": start,
            "line_ids": [
                Command.create(
                    {"branch_id": branch.id, "percent": percent, "basis_value": value}
                )
                for branch, (percent, value) in shares.items()
            ],
        }

    def _recompute_version(self, start):
        """The version that the basis gives for a month, made if it is not there.

        It takes the place of all others that begin in the month.

        :raises UserError: the basis gives no branch a share
        """
        self.ensure_one()
        shares = self._shares_from(start)
        if not shares:
            raise self._no_shares_error(start)
        there = self._versions_in(start, fields.Date.end_of(start, "month"))
        if (
            len(there) == 1
            and there.date_from == start
            and there.basis == self.basis
            and there._percentages()
            == {b.id: share for b, (share, _v) in shares.items()}
        ):
            return there
        version = self.env["distribution.key.version"].create(
            self._prepare_version(start, shares)
        )
        there._set_state("replaced")
        version.action_activate()
        return version

    def _no_shares_error(self, day):
        return UserError(
            self.env._(
                "%(key)s has no shares on %(date)s: it has no version that is valid then, "
                "and its basis gives no branch anything. Make a version that is valid "
                "from an earlier day, or fill in what the basis needs.",
                key=self.display_name,
                date=fields.Date.to_string(day),
            )
        )


class DistributionBranch(models.Model):
    """What shares of costs go by."""

    _inherit = "distribution.branch"

    head_count = fields.Integer(
        string="Head-count",
        tracking=True,
        help="People who work in the branch, for distribution keys by head-count. Left at "
        "0, the users who work in it are counted.",
    )
    floor_space = fields.Float(
        digits=(16, 2),
        tracking=True,
        help="In square metres, for distribution keys by floor space.",
    )

    _measures_sane = models.Constraint(
        "CHECK (head_count >= 0 AND floor_space >= 0)",
        "The head-count and the floor space of a branch cannot be below nil.",
    )

    def _heads(self):
        """The head-count, or the number of users where nobody entered one."""
        self.ensure_one()
        return self.head_count or len(self.user_ids | self.manager_id)
