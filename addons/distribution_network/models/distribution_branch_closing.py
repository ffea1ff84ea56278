from odoo import models
from odoo.exceptions import UserError

OPEN_TRANSFER = ("state", "not in", ("done", "cancel"))


class DistributionBranch(models.Model):
    """Closing a branch is archiving it, by whatever path, and only when it is empty."""

    _inherit = "distribution.branch"

    def action_close(self):
        """Close the branches.

        :raises UserError: one of them has stock, goods under way or open documents
        """
        return self.action_archive()

    def action_reopen(self):
        """Open closed branches again, with their warehouses. Lanes stay archived."""
        return self.action_unarchive()

    def _prepare_change_of_active(self, active):
        if active:
            self._reopen_warehouses()
            return
        for branch in self.filtered("active"):
            reasons = branch._reasons_against_closing()
            if reasons:
                raise UserError(
                    self.env._(
                        "Branch %(branch)s cannot be closed. It still has:\n%(reasons)s",
                        branch=branch.display_name,
                        reasons="\n".join(f"- {reason}" for reason in reasons),
                    )
                )
        self._close_what_belongs_to_them()

    def _reasons_against_closing(self):
        """What must be done before the branch can be closed, as sentences."""
        self.ensure_one()
        env = self.sudo().env  # what blocks closing counts also where one may not look
        checks = [
            (
                "stock.quant",
                [
                    ("branch_id", "=", self.id),
                    ("location_id.usage", "=", "internal"),
                    ("quantity", "!=", 0),
                ],
                self.env._("stock lines; move the goods or count them to zero"),
            ),
            (
                "stock.picking",
                [
                    OPEN_TRANSFER,
                    "|",
                    ("branch_id", "=", self.id),
                    ("peer_branch_id", "=", self.id),
                ],
                self.env._("open transfers; validate or cancel them"),
            ),
            (
                "sale.order",
                [("branch_id", "=", self.id), ("state", "in", ("draft", "sent"))],
                self.env._("quotations; confirm or cancel them"),
            ),
            (
                "purchase.order",
                [
                    ("branch_id", "=", self.id),
                    ("state", "in", ("draft", "sent", "to approve")),
                ],
                self.env._("requests for quotation; confirm or cancel them"),
            ),
            (
                "account.move",
                [("branch_id", "=", self.id), ("state", "=", "draft")],
                self.env._("draft invoices, bills or entries; post or delete them"),
            ),
        ]
        return [
            f"{count} {text}"
            for model, domain, text in checks
            if (count := env[model].search_count(domain))
        ]

    def _close_what_belongs_to_them(self):
        lanes = self.lane_in_ids | self.lane_out_ids
        lanes.action_archive()
        orderpoints = self.env["stock.warehouse.orderpoint"].search(
            [("branch_id", "in", self.ids)]
        )
        orderpoints.action_archive()
        # An archived branch keeps its warehouses, so that its history stays its own.
        self.warehouse_ids.action_archive()

    def _reopen_warehouses(self):
        closed = self.with_context(active_test=False)
        closed.warehouse_ids.action_unarchive()
