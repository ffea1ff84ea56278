"""Columns of the branch P&L: region › branch, unassigned, company."""

from odoo import api, models


def column(key, kind, label, head, branches, **more):
    """One column: `branches` are the ids (False: without branch) that add up to it."""
    return {
        "key": key,
        "kind": kind,
        "label": label,
        "head": head,
        "branches": branches,
        **more,
    }


class DistributionBranchPnl(models.AbstractModel):
    _inherit = "distribution.branch.pnl"

    @api.model
    def _sees_company(self):
        """Whether the user sees what is not of one branch: unassigned, and the company."""
        return not self.env.user.branch_restricted

    @api.model
    def _branches(self, company):
        """(all branches of the company, those of them that the user sees)."""
        every = (
            self.env["distribution.branch"]
            .with_context(active_test=False)
            .search([("company_id", "=", company.id)])
        )
        if self._sees_company():
            return every, every
        return every, every & self.env.user.allowed_branch_ids

    @api.model
    def _columns(self, company, used):
        """The columns, from the left to the right.

        :param used: ids of the branches that have figures; a closed branch without any is
            left out
        """
        every, seen = self._branches(company)
        shown = seen.filtered(lambda branch: branch.active or branch.id in used)
        columns = self._region_columns(every, seen, shown)
        if self._sees_company():
            return columns + self._company_columns(columns, shown)
        if len(shown) > 1:
            label = self.env._("Your Branches")
            columns.append(column("own", "total", label, label, shown.ids))
        return columns

    @api.model
    def _company_columns(self, columns, shown):
        unassigned, company = self.env._("Unassigned"), self.env._("Company")
        everything = [*shown.ids, False]
        return [
            column("unassigned", "unassigned", unassigned, unassigned, [False]),
            column("company", "company", company, company, everything),
        ]

    @api.model
    def _region_columns(self, every, seen, shown):
        """Branches by region, a region with more than one followed by its total.

        A total is there for who sees all branches of a region: part of one would be taken
        for the whole.
        """
        regions = every.region_id
        parents = regions.browse(
            {int(x) for region in regions for x in region.parent_path.split("/") if x}
        ).sorted("complete_name")
        columns = []
        for region in parents.filtered(lambda region: region.parent_id not in parents):
            columns += self._columns_below(region, parents, every, seen, shown)
        return columns

    @api.model
    def _columns_below(self, region, regions, every, seen, shown):
        own = shown.filtered(lambda branch: branch.region_id == region)
        columns = [self._branch_column(branch, region) for branch in own]
        inner = 0
        for child in regions.filtered(lambda item: item.parent_id == region):
            below = self._columns_below(child, regions, every, seen, shown)
            inner += bool(below)
            columns += below
        ids = [item["branches"][0] for item in columns if item["kind"] == "branch"]
        within = every.filtered(
            lambda branch: str(region.id) in branch.region_id.parent_path.split("/")
        )
        # Where a region has one region below it and no more, their totals are the same.
        is_new = len(ids) > 1 and (own or inner > 1)
        if is_new and not within - seen:
            total = self.env._("Total %(region)s", region=region.name)
            columns.append(
                column(f"region:{region.id}", "total", total, region.name, ids)
            )
        return columns

    @api.model
    def _branch_column(self, branch, region):
        label = branch.name
        if not branch.active:
            label = self.env._("%(branch)s (closed)", branch=label)
        return column(f"branch:{branch.id}", "branch", label, region.name, [branch.id])
