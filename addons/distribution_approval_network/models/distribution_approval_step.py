from odoo import api, models


class DistributionApprovalStep(models.Model):
    _inherit = "distribution.approval.step"

    @api.model
    def _selection_authority(self):
        return [
            ("branch_manager", self.env._("Manager of the branch")),
            ("regional_manager", self.env._("Manager of the region")),
            *super()._selection_authority(),
        ]

    def _candidates(self, authority, user, group, request=None):
        """Add the roles of the branch; a group means those who work in it.

        Before there is a document, whoever leads any branch is a candidate.
        """
        branches = self.env["distribution.branch"].sudo()  # who leads one is no secret
        if request:
            branches |= request.sudo().branch_id  # as above
        elif authority in ("branch_manager", "regional_manager"):
            branches = branches.search([("company_id", "=", self.company_id.id)])
        if authority == "branch_manager":
            return self._able(branches._managers(), self.company_id)
        if authority == "regional_manager":
            return self._able(branches._regional_managers(), self.company_id)
        users = super()._candidates(authority, user, group, request)
        if authority == "group" and branches:
            users = users.filtered(
                lambda user: not user.branch_restricted
                or branches in user.allowed_branch_ids
            )
        return users

    def _problems(self):
        """Name the branches in which nobody has the role."""
        problems = super()._problems()
        if problems or self.authority not in ("branch_manager", "regional_manager"):
            return problems
        policy = self.band_id.rule_id.policy_id
        branches = self.band_id.rule_id.branch_ids or policy.branch_ids
        if not branches:
            branches = branches.search([("company_id", "=", self.company_id.id)])
        leaders = {
            "branch_manager": lambda branch: branch._managers(),
            "regional_manager": lambda branch: branch._regional_managers(),
        }[self.authority]
        lacking = branches.filtered(
            lambda branch: len(self._able(leaders(branch), self.company_id))
            < (self.minimum if self.quorum == "any" else 1)
        )
        if not lacking:
            return []
        return [
            self.env._(
                "%(rule)s, %(band)s: not enough users are %(who)s in %(branches)s.",
                rule=self.band_id.rule_id.name,
                band=self.band_id.display_name,
                who=self.display_name,
                branches=", ".join(lacking.mapped("display_name")),
            )
        ]
