from odoo import api, models

COUNT_CHANGED = "distribution.approval/count"


class DistributionApprovalRequest(models.Model):
    """What the screens need of a request: buttons, the counter, the printed record."""

    _inherit = "distribution.approval.request"

    @api.model
    @api.readonly
    def get_my_count(self):
        """How many requests wait for the current user, for the counter of the client."""
        return self.search_count([("can_decide", "=", True)])

    def _asked_pairs(self):
        """Who is asked on which of these requests, to compare before and after."""
        return {(request.id, user.id) for request in self for user in request.user_ids}

    def _tell_counters(self, before):
        """Have the counters of those counted anew whose queue is not as it was `before`."""
        changed = before ^ self._asked_pairs()
        users = self.env["res.users"].browse({user_id for _id, user_id in changed})
        users._bus_send(COUNT_CHANGED, {})

    def action_open_document(self):
        """The document that waits, if the current user may read it."""
        self.ensure_one()
        self.check_access("read")
        document = self.env[self.res_model].browse(self.res_id).exists()
        if not document:
            return self._notice(
                self.env._(
                    "%(document)s does not exist any more.", document=self.document
                )
            )
        if not document.has_access("read"):
            return self._notice(
                self.env._(
                    "You have no right to open %(document)s. What you need to decide is "
                    "on this page; %(name)s can tell you more.",
                    document=self.document,
                    name=self.requester_id.name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_approve_now(self):
        """Approve without a dialog, and say what follows from it."""
        self.action_approve()
        return self._notice(
            " ".join(request._outcome() for request in self),
            kind="success",
            next={"type": "ir.actions.act_window_close"},
        )

    def _outcome(self):
        """What has become of the request, in a sentence."""
        if self.state == "pending":
            return self.env._(
                "Your approval of %(document)s is noted. %(waiting)s",
                document=self.document,
                waiting=self._waiting_sentence(),
            )
        if self.used_date:
            return self.env._(
                "%(document)s is approved and carried out.", document=self.document
            )
        return self.env._(
            "%(document)s is approved. %(name)s can go on with it.",
            document=self.document,
            name=self.requester_id.name,
        )

    def action_reply(self):
        """The dialog for what one says to these requests; its kind is in the context."""
        decision = self.env.context.get("default_decision", "approve")
        decisions = self.env["distribution.approval.reply"]._fields["decision"]
        return {
            "type": "ir.actions.act_window",
            "name": dict(decisions._description_selection(self.env)).get(decision),
            "res_model": "distribution.approval.reply",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_decision": decision,
                "default_request_ids": self.ids,
            },
        }

    def _kind_label(self):
        """What people call this kind of document, for the printed record."""
        self.ensure_one()
        return dict(self._selection_document_model()).get(
            self.res_model, self.res_model
        )

    def _notice(self, message, kind="warning", **params):
        """A message in the corner of the screen."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": kind, "message": message, "sticky": False, **params},
        }
