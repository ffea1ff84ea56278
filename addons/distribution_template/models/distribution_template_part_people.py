from odoo import api, models
from odoo.exceptions import AccessError

from .plan import Add, Item, Ref


class DistributionTemplatePartPeople(models.AbstractModel):
    """The people of the branch: their membership, and the role of their job."""

    _name = "distribution.template.part.people"
    _description = "People"
    _inherit = ["distribution.template.part"]

    _part_sequence = 40

    @api.private
    def describe(self, target):
        """One item for each person. Who has the role by a higher one keeps that."""
        items = []
        for user, group, job in target.people:
            self._check_role(group, job)
            # As superuser: an administrator of the network need not see users' roles.
            user = user.sudo()
            values = {"branch_ids": Add((Ref("branch"),))}
            if group not in user.all_group_ids:
                values["group_ids"] = Add((group.id,))
            items.append(self._person_item(user, job, values))
        return items

    def _check_role(self, group, job):
        """What follows is done as superuser, so it is checked here what is given."""
        if group not in self.env["res.users"]._get_all_distribution_roles():
            raise AccessError(
                self.env._(
                    "Job %s gives a group that is not a role of the Distribution "
                    "privilege. Correct the template.",
                    job,
                )
            )

    def _person_item(self, user, job, values):
        return Item(
            key=f"person:{user.id}",
            label=self.env._("%(name)s, %(job)s", name=user.name, job=job),
            model="res.users",
            record=user,
            values=values,
        )

    def _make_diff(self, target, item, name, value):
        """Show roles and branches, not every group that Odoo gives a user."""
        diff = super()._make_diff(target, item, name, value)
        if name == "group_ids":
            roles = item.record._get_distribution_roles()[item.record.id]
            diff.label = self.env._("Role")
            diff.old_text = ", ".join(roles.mapped("name"))
            field = item.record._fields[name]
            diff.new_text = self._role_text(target, field, value)
        return diff

    def _role_text(self, target, field, value):
        groups = self.env[field.comodel_name].browse(value.values)
        return ", ".join(groups.sudo().mapped("name"))  # the names of roles alone

    def _writable(self, records):
        """As superuser: giving a role takes the right to change users.

        An administrator of the network has it for the roles of the Distribution
        privilege alone: a job of a template can give no other group.
        """
        return records.sudo()
