from odoo import models
from odoo.fields import Domain


class DistributionLane(models.Model):
    """A lane whose transit location does not hold what transfers say gets an activity."""

    _name = "distribution.lane"
    _inherit = ["distribution.lane", "mail.activity.mixin"]

    def _report_transit_difference(self, rows):
        """Ask a controller to look at the lane; once, as long as nobody has.

        :param rows: rows of `distribution.transit.balance` that differ
        """
        self.ensure_one()
        summary = self.env._("Transit location differs from the transfers")
        note = self.env._("Find out what moved without a transfer, and count:")
        note += "".join(f"\n{row._difference_text()}" for row in rows)
        self.message_post(body=note)
        asked = self.activity_ids.filtered(lambda x: x.summary == summary)
        user = self._controller()
        if user and not asked:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                note=note,
                user_id=user.id,
            )

    def _controller(self):
        """Who looks after the ledger of the lane's company; else who administers it."""
        Users = self.env["res.users"].sudo()  # a job asks for whoever it is
        of_company = Domain("company_ids", "in", self.company_id.id)
        of_company &= Domain("share", "=", False)
        for role in ("finance_controller", "administrator"):
            group = self.env.ref(f"distribution_base.group_{role}")
            found = Users.search(
                of_company & Domain("all_group_ids", "in", group.ids),
                order="id",
                limit=1,
            )
            if found:
                return found
        return Users
