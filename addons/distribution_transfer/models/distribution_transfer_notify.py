from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from .distribution_transfer_board import ROAD_STAGES
from .own import own

DEPARTURE_TEMPLATE = "distribution_transfer.mail_template_departure"
LATE_TEMPLATE = "distribution_transfer.mail_template_late"


class DistributionTransfer(models.Model):
    """The receiving branch is told when a truck leaves, and when it is late."""

    _inherit = "distribution.transfer"

    late_reported = fields.Boolean(
        readonly=True,
        copy=False,
        help="The receiving branch was told that the truck is late.",
    )

    def _notify_departure(self):
        """Tell the receiving branches that their trucks have left."""
        self._tell_receivers(DEPARTURE_TEMPLATE)

    def _notify_late(self):
        """Tell the receiving branches that their trucks are late, once for each delay."""
        self._tell_receivers(LATE_TEMPLATE)
        own(self).write({"late_reported": True})

    def _tell_receivers(self, template):
        """Post a message to the people of the receiving branches, in their languages.

        :param template: XML id of the mail template that says what
        """
        template = self.env.ref(template, raise_if_not_found=False)
        if not template:
            return  # the administrator has deleted it
        by_language = defaultdict(dict)
        for transfer in own(self, False):
            for language, partners in transfer._receivers_by_language().items():
                by_language[language][transfer] = partners
        for language, receivers in by_language.items():
            self._post_to(template.with_context(lang=language), receivers)

    def _receivers_by_language(self):
        """{language: partners} of the manager and the people of the receiving branch."""
        self.ensure_one()
        # As superuser: the sender need not see who works at the receiving branch.
        branch = self.sudo().destination_branch_id
        people = (branch.manager_id | branch.user_ids).filtered("active")
        return people.partner_id.grouped("lang")

    @api.model
    def _post_to(self, template, receivers):
        # As superuser: the texts are the same whoever sends the truck away.
        template = template.sudo()
        ids = [transfer.id for transfer in receivers]
        subjects = template._render_field("subject", ids)
        bodies = template._render_field("body_html", ids)
        for transfer, partners in receivers.items():
            transfer.message_post(
                body=bodies[transfer.id],
                subject=subjects[transfer.id],
                partner_ids=partners.ids,
                message_type="notification",
                subtype_xmlid="mail.mt_note",
            )

    @api.model
    def _late_domain(self):
        """Transfers on the road whose latest arrival, else their arrival, is over."""
        now = fields.Datetime.now()
        return Domain("board_stage", "in", ROAD_STAGES) & (
            Domain("latest_arrival_date", "<=", now)
            | (
                Domain("latest_arrival_date", "=", False)
                & Domain("arrival_date", "<=", now)
            )
        )

    @api.model
    def _cron_follow(self):
        """What is late is reported; what is no longer may be reported again."""
        result = super()._cron_follow()
        self._report_late()
        return result

    @api.model
    def _report_late(self):
        on_road = Domain("board_stage", "in", ROAD_STAGES)
        reported = self.search(on_road & Domain("late_reported", "=", True))
        late = self.search(self._late_domain() & Domain("left_date", "!=", False))
        in_time = (reported - late).try_lock_for_update()
        if in_time:
            own(in_time).write({"late_reported": False})
        new = (late - reported).try_lock_for_update()
        if new:
            new._notify_late()
