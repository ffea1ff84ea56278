from odoo import models


class DistributionException(models.Model):
    """The click that settles what is found in approvals."""

    _inherit = "distribution.exception"

    def _resolve_approval(self):
        """Ask who can decide for the decision, who was asked back for the answer."""
        request = self.env[self.res_model].browse(self.res_id)
        answer = request.asked_back and request.is_requester
        if not answer and not request.can_decide:
            return request.get_formview_action()
        decision = "answer" if answer else "approve"
        return request.with_context(default_decision=decision).action_reply()
