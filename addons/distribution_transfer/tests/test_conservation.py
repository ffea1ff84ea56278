import random

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.distribution_transfer_discrepancy_settle import RESOLUTIONS
from .common import TransferCase

SEEDS = range(10)
STEPS = 24


@tagged("post_install", "-at_install")
class TestConservation(TransferCase):
    """Whatever people do, in whatever order: nothing appears, disappears or gets stuck.

    Random but repeatable: the number of a failing sequence is its seed.
    """

    def test_random_sequences(self):
        done = set()
        for seed in SEEDS:
            with self.subTest(seed=seed):
                done |= self._play(random.Random(seed))
        # A sequence in which nothing succeeds would prove nothing.
        self.assertEqual(done, {action.__name__ for action in self._actions()})

    def _play(self, dice):
        stock = self._everywhere()
        transfers = self.env["distribution.transfer"]
        done = set()
        for _step in range(STEPS):
            actions = self._actions() if transfers else [self._do_request]
            action = dice.choice(actions)
            try:
                with self.env.cr.savepoint():
                    result = action(dice, transfers)
                    self.env.flush_all()
                if result is not None:
                    done.add(action.__name__)
                    transfers |= result
            except (UserError, AccessError):
                self.env.invalidate_all()
            self.assertConserved()
        self._close_all(dice, transfers)
        self.assertConserved()
        lost = sum(
            transfers.line_ids.filtered(lambda x: x.product_id == self.bolt).mapped(
                "written_off_qty"
            )
        )
        scrapped = self._scrapped()
        self.assertAlmostEqual(self._everywhere() + lost + scrapped, stock)
        return done

    def _actions(self):
        return [
            *(self._do_request, self._do_ship, self._do_ship, self._do_receive),
            *(self._do_receive, self._do_unload, self._do_unload, self._do_settle),
            *(self._do_settle, self._do_cancel, self._do_return, self._do_depart),
            *(self._do_take_back, self._do_take_back, self._do_cancel_rest),
        ]

    def _everywhere(self):
        """Bolts in all branches and on all roads, but for what counts have added."""
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.bolt.id),
                ("location_id.usage", "in", ("internal", "transit")),
            ]
        )
        return sum(quants.mapped("quantity"))

    def _scrapped(self):
        """Damaged bolts that were written off or claimed after they were received."""
        moves = self.env["stock.move"].search(
            [
                ("product_id", "=", self.bolt.id),
                ("state", "=", "done"),
                ("location_dest_id.usage", "=", "inventory"),
                ("transfer_leg", "=", "store"),
            ]
        )
        found = sum(moves.mapped("quantity"))
        before, self._scrapped_before = getattr(self, "_scrapped_before", 0), found
        return found - before

    # What people do. Each picks a transfer; what is not allowed just now is refused. Each
    # returns the transfer, or None where there was nothing to do.

    def _do_request(self, dice, transfers):
        return self._request(
            quantities={self.bolt: dice.randint(1, 9), self.nut: dice.randint(1, 9)}
        )

    def _do_ship(self, dice, transfers):
        transfer = dice.choice(transfers)
        picking = self._picking(transfer, "ship")
        if picking:
            bolts = sum(
                picking.move_ids.filtered(lambda m: m.product_id == self.bolt).mapped(
                    "product_uom_qty"
                )
            )
            self._ship(transfer, {self.bolt: dice.randint(0, int(bolts) + 1)})
            return transfer
        return None

    def _do_receive(self, dice, transfers):
        transfer = dice.choice(transfers)
        if self._picking(transfer, "receive"):
            self._receive(transfer, {self.bolt: dice.randint(0, 9)})
            return transfer
        return None

    def _do_unload(self, dice, transfers):
        picking = self._picking(dice.choice(transfers), "receive").with_user(self.olga)
        if picking:
            picking.action_unload(
                [
                    {
                        "move_id": move.id,
                        "quantity": dice.randint(0, 6),
                        "damaged": dice.randint(0, 1),
                        "refused": dice.randint(0, 1),
                    }
                    for move in picking._to_unload()
                ]
            )
            return picking.sudo().transfer_id.with_user(self.olga)
        return None

    def _do_settle(self, dice, transfers):
        found = transfers.sudo().discrepancy_ids.filtered(lambda x: x._is_open())
        if found:
            discrepancy = dice.choice(found)
            self._settle(dice, discrepancy)
            return discrepancy.transfer_id.sudo(False).with_user(self.olga)
        return None

    def _settle(self, dice, discrepancy):
        # Counts change what there is, and have tests of their own.
        ways = [way for way in RESOLUTIONS[discrepancy.kind] if way != "found"]
        quantity = dice.choice([None, discrepancy.quantity, 1])
        user = dice.choice([self.bea, self.cleo])
        discrepancy.with_user(user).action_settle(dice.choice(ways), quantity=quantity)

    def _do_cancel(self, dice, transfers):
        transfer = dice.choice(transfers)
        transfer.with_user(self.bea).action_cancel()
        return transfer

    def _do_cancel_rest(self, dice, transfers):
        transfer = dice.choice(transfers)
        transfer.with_user(self.cleo).action_cancel_rest()
        return transfer

    def _do_return(self, dice, transfers):
        transfer = dice.choice(transfers)
        transfer.with_user(self.bea).action_return_to_sender()
        return transfer

    def _do_depart(self, dice, transfers):
        transfer = dice.choice(transfers)
        transfer.with_user(self.cora).action_depart()
        return transfer

    def _do_take_back(self, dice, transfers):
        transfer = dice.choice(transfers)
        if self._picking(transfer, "return"):
            self._take_back(transfer)
            return transfer
        return None

    # The end.

    def _close_all(self, dice, transfers):
        """Every transfer can be brought to an end, from wherever it is."""
        for transfer in transfers:
            self._finish(dice, transfer)
            self.assertIn(transfer.state, ("closed", "cancelled"), transfer.name)
            self.assertFalse(sum(transfer.line_ids.mapped("in_transit_qty")))

    def _finish(self, dice, transfer):
        if transfer.state == "approved":
            transfer.with_user(self.bea).action_cancel()
            return
        if transfer.ship_status == "partly":
            transfer.with_user(self.cleo).action_cancel_rest()
        for _round in range(20):
            if self._picking(transfer, "return"):
                self._take_back(transfer)
            elif self._discrepancy(transfer):
                discrepancy = self._discrepancy(transfer)
                way = "return" if discrepancy.state == "open" else None
                if way is None and discrepancy.resolution == "later":
                    way = "write_off"
                if way:
                    discrepancy.with_user(self.bea).action_settle(way)
            elif self._picking(transfer, "receive"):
                self._receive(transfer)
            else:
                break
        if transfer.state == "reconciled":
            transfer.with_user(self.bea).action_close()
