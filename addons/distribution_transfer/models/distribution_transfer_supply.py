import logging

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .own import own

_logger = logging.getLogger(__name__)

# States of transfers of which something may not be shipped yet.
CUTTABLE = ("draft", "requested", "approved", "shipped", "in_transit")


class DistributionTransfer(models.Model):
    """What reordering rules and orders bring along a lane, they bring by transfers.

    One transfer for each lane, departure and reason, which later procurements join as
    long as it is not on its way and would not need another approval.
    """

    _inherit = "distribution.transfer"

    @api.model
    def _supply(self, procurements):
        """Make or join transfers for procurements along lanes.

        :param procurements: [(procurement, rule)], as `stock.rule._run_pull` has them
        """
        more = [x for x in procurements if x[0].product_qty > 0]
        less = [x for x in procurements if x[0].product_qty < 0]
        groups = {}
        for procurement, rule in more:
            key = self._supply_key(procurement, rule)
            groups.setdefault(key, []).append(procurement)
        new = self.browse()
        open_ones = self._find_joinable(groups)
        for key, group in groups.items():
            transfer = open_ones.get(key)
            if not (transfer and transfer._join(group)):
                new += self._create_automatic(key, group)
        if new:
            new._launch()
        for procurement, _rule in less:
            self._take_less(procurement)

    @api.model
    def _supply_key(self, procurement, rule):
        """(lane, departure, arrival, reason): what one transfer is for."""
        needed = fields.Datetime.to_datetime(procurement.values["date_planned"])
        departure, arrival = rule.lane_id._schedule(needed)
        sold = self._sale_line(procurement)
        reason = "customer_order" if sold else "replenishment"
        return rule.lane_id, departure, arrival, reason

    @api.model
    def _sale_line(self, procurement):
        """The order line that a procurement is for, directly or some steps ahead."""
        values = procurement.values
        found = self._waiting_moves(procurement).sale_line_id
        ids = [
            known.get("sale_line_id")
            for known in (values, values.get("procurement_values") or {})
        ]
        return found | found.browse([id_ for id_ in ids if id_])

    @api.model
    def _waiting_moves(self, procurement):
        moves = procurement.values.get("move_dest_ids")
        return moves or self.env["stock.move"]

    @api.model
    def _find_joinable(self, keys):
        """{key: an automatic transfer of that departure that others may join}."""
        found = self.search(
            [
                ("is_automatic", "=", True),
                ("state", "in", ("requested", "approved")),
                ("lane_id", "in", [lane.id for lane, *_ in keys]),
                ("departure_date", "in", [departure for _, departure, *_ in keys]),
            ],
            order="id desc",
        )
        joinable = {}
        for transfer in found:
            if not transfer.line_ids._total("shipped_qty"):
                when = (transfer.departure_date, transfer.arrival_date)
                joinable[(transfer.lane_id, *when, transfer.reason)] = transfer
        return joinable

    def _join(self, procurements):
        """Add lines for `procurements`; False where that would need another approval."""
        self.ensure_one()
        if self.state == "approved" and any(p.printed for p in self.picking_ids):
            return False
        try:
            with self.env.cr.savepoint():
                self._lock()
                lines = self._create_supply_lines(procurements)
                self.env.flush_all()
        except UserError as refusal:
            # The policy allows this transfer as it is, and no larger one.
            _logger.info("transfer %s is not joined: %s", self.name, refusal)
            return False
        if self.state == "approved":
            self._create_operations(lines)
        else:
            self._launch()
        return True

    @api.model
    def _create_automatic(self, key, procurements):
        lane, departure, arrival, reason = key
        transfer = own(self).create(
            {
                "lane_id": lane.id,
                "reason": reason,
                "departure_date": departure,
                "arrival_date": arrival,
                "date_wanted": min(
                    fields.Datetime.to_datetime(p.values["date_planned"])
                    for p in procurements
                ),
                "is_automatic": True,
                "priority": self._priority_of(procurements),
            }
        )
        transfer._create_supply_lines(procurements)
        return transfer

    @api.model
    def _priority_of(self, procurements):
        urgent = any(p.values.get("priority") == "1" for p in procurements)
        return "1" if urgent else "0"

    def _create_supply_lines(self, procurements):
        self.ensure_one()
        return own(self.env["distribution.transfer.line"]).create(
            [self._prepare_supply_line_values(p) for p in procurements]
        )

    def _prepare_supply_line_values(self, procurement):
        orderpoint = procurement.values.get("orderpoint_id")
        return {
            "transfer_id": self.id,
            "product_id": procurement.product_id.id,
            "product_uom_id": procurement.product_uom.id,
            "requested_qty": procurement.product_qty,
            "orderpoint_id": orderpoint and orderpoint.id,
            "sale_line_id": self._sale_line(procurement)[:1].id,
            "move_dest_ids": [Command.set(self._waiting_moves(procurement).ids)],
        }

    @api.model
    def _take_less(self, procurement):
        """An order needs less: take it off what is not on the road yet.

        What has left arrives, and is then in stock at the receiver.
        """
        waiting, sold = self._waiting_moves(procurement), self._sale_line(procurement)
        lines = self.env["distribution.transfer.line"].search(
            [
                ("product_id", "=", procurement.product_id.id),
                ("state", "in", CUTTABLE),
                "|",
                ("move_dest_ids", "in", waiting.ids),
                ("sale_line_id", "in", sold.ids),
            ]
        )
        missing = -procurement.product_qty
        for line in lines:
            unit = procurement.product_uom
            wanted = unit._compute_quantity(missing, line.product_uom_id, round=False)
            cut = line._cut(wanted)
            missing -= line.product_uom_id._compute_quantity(cut, unit, round=False)
            if not line._is_more(missing, 0):
                break
        lines.exists().transfer_id._ask_anew()

    def _ask_anew(self):
        """What waited for approval has changed: ask for what is left of it, if anything.

        Only of what rules and orders have made: people ask themselves.
        """
        drafts = self.filtered(lambda x: x.is_automatic and x.state == "draft")
        empty = drafts.filtered(lambda transfer: not transfer.line_ids)
        own(empty).write({"state": "cancelled"})
        if drafts - empty:
            (drafts - empty)._launch()
