from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .own import own, owned


class DistributionTransfer(models.Model):
    """When a truck arrives that has left, and whether it is late."""

    _inherit = "distribution.transfer"

    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="On the road, and its latest arrival is over; the expected arrival, where the "
        "lane has too few trips for a latest one.",
    )

    @api.depends(
        "board_stage", "arrival_date", "latest_arrival_date", "left_date", "state"
    )
    def _compute_is_late(self):
        saved = self.filtered("id")
        late = self.search(Domain("id", "in", saved.ids) & self._late_domain())
        for transfer in self:
            transfer.is_late = transfer in late

    @api.model
    def _search_is_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        late = self._late_domain()
        return late if (True in value) == (operator == "in") else ~late

    def write(self, vals):
        """Who says when a truck arrives knows better than what was measured."""
        if vals.get("arrival_date") and not owned(self):
            own(self.filtered("latest_arrival_date")).write(
                {"latest_arrival_date": False}
            )
        return super().write(vals)

    def _set_arrival(self):
        """Bring the expected arrival up to date, once the truck has left.

        As long as the trips of the lane have taken, once there are enough of them; else by
        its timetable. Of several trucks on the road the first one counts. Receipts follow,
        so that the forecast of the receiver has the goods on the estimated day.
        """
        left = own(self.sudo()).filtered("left_date")  # receipts are of the receiver
        statistics = left.lane_id._trip_statistics()
        for transfer in left:
            trucks = transfer._receipts_by_truck()
            start = min(trucks, default=transfer.left_date)
            expected, latest = transfer._estimate(start, statistics)
            values = {"arrival_date": expected, "latest_arrival_date": latest}
            if any(transfer[name] != value for name, value in values.items()):
                transfer.write(values)
            for start, receipts in trucks.items():
                expected, _latest = transfer._estimate(start, statistics)
                receipts._expect_on(expected)

    def _estimate(self, start, statistics):
        """(expected, latest) arrival of a truck; the latest is unknown at first."""
        measured = statistics[self.lane_id]
        if not measured.is_enough():
            return self.lane_id.expected_arrival(start), False
        return tuple(
            self.lane_id._arrive(
                start, _whole_minutes(timedelta(days=days)), skip_closed_days=True
            ).replace(second=0, microsecond=0)
            for days in (measured.median, measured.late)
        )

    def _receipts_by_truck(self):
        """{when the truck left: open receipts of what is on it}.

        A remainder left when it was shipped. What a receipt missed comes with no truck.
        """
        trucks = {}
        for receipt in self.line_ids._open_receipts():
            shipped = receipt.move_orig_ids.filtered(lambda move: move.state == "done")
            if receipt.picking_id.backorder_id or not shipped:
                continue
            start = max(self.left_date, *shipped.mapped("date"))
            trucks[start] = trucks.get(start, receipt.browse()) | receipt
        return trucks

    def _reschedule(self, vals):
        """Of what has left, the next truck is rescheduled, and not what is still here."""
        left = self.filtered("left_date")
        for transfer in left if "arrival_date" in vals else ():
            # As superuser: receipts are of the receiver.
            trucks = transfer.sudo()._receipts_by_truck()
            if trucks:
                trucks[min(trucks)]._expect_on(transfer.arrival_date)
        return super(DistributionTransfer, self - left)._reschedule(vals)

    def _follow_goods(self, moves, surplus=None):
        """Once a truck is unloaded, the next one counts."""
        result = super()._follow_goods(moves, surplus)
        unloaded = moves.filtered(lambda move: move.transfer_leg == "receive")
        unloaded.transfer_id.filtered(
            lambda transfer: transfer.state == "in_transit"
        )._set_arrival()
        return result


class StockMove(models.Model):
    _inherit = "stock.move"

    def _expect_on(self, moment):
        """Count on these receipts at `moment`."""
        changed = self.filtered(lambda move: move.date != moment)
        if changed:
            changed.date = moment


def _whole_minutes(duration):
    """Nobody expects a truck to the second."""
    return timedelta(minutes=round(duration / timedelta(minutes=1)))
