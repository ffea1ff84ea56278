from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import UserError

from odoo.addons.distribution_network.tests.common import NetworkCase


class TransferCase(NetworkCase):
    """Transfers between the branches of `NetworkCase`, as their people work on them.

    `cleo` manages the central branch. `bolt` (cost 4) and `nut` (cost 1) are stocked at
    the central branch, 100 each, and have reordering rules at the north depot. No policy
    governs transfers unless a test makes one.

    Verbs: `_transfer` makes a draft of `olga` for the north depot, `_request` asks for
    it, `_ship` and `_receive` validate the operations of its truck, in full unless
    quantities by product say otherwise.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cleo = cls._new_user("branch_manager", "cleo", branch_ids=cls.central.ids)
        cls.central.manager_id = cls.cleo
        cls.north.manager_id = cls.bea
        cls.bolt = cls.product
        cls.nut = cls._new_product("Hex nut M8", standard_price=1.0)
        for product in cls.bolt | cls.nut:
            cls._count(product, cls.central, 100)
            cls._stock_at(cls.north, product)
        cls.loss_account, cls.claim_account = cls.env["account.account"].create(
            [
                {"name": "Losses", "code": "TLOSS", "account_type": "expense"},
                {"name": "Claims", "code": "TCLAIM", "account_type": "asset_current"},
            ]
        )
        for location, account in (
            (cls.company._transfer_loss_location(), cls.loss_account),
            (cls.company._transfer_claim_location(), cls.claim_account),
        ):
            location.valuation_account_id = account

    @contextmanager
    def assertRefused(self, pattern, error=UserError):
        """Within, an error of that kind is raised; what was done is undone."""
        with self.assertRaises(error) as caught:
            yield
        self.assertRegex(str(caught.exception), pattern)

    @classmethod
    def _stock_at(cls, branch, product, maximum=50):
        """A reordering rule of the branch along its lane from the central branch."""
        lane = branch.lane_in_ids[:1]
        return cls.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id,
                "warehouse_id": branch.warehouse_id.id,
                "location_id": branch.warehouse_id.lot_stock_id.id,
                "product_min_qty": 0,
                "product_max_qty": maximum,
                "route_id": lane.route_id.id,
                "trigger": "auto",
            }
        )

    @classmethod
    def _govern(cls, limit, measure="transfer_value", user=None, worse_below=False):
        """A policy in force: from `limit` on (or below it) `user`, cleo by default."""
        step = {"authority": "user", "user_id": (user or cls.cleo).id}
        bands = [
            {"has_lower": False, "has_upper": True, "upper": limit},
            {"has_lower": True, "lower": limit, "has_upper": False},
        ]
        bands[0 if worse_below else 1]["step_ids"] = [Command.create(step)]
        policy = cls.env["distribution.approval.policy"].create(
            {
                "name": "Transfers",
                "document_model": (
                    "distribution.transfer.discrepancy"
                    if measure == "transfer_loss_value"
                    else "distribution.transfer"
                ),
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Rule",
                            "measure": measure,
                            "band_ids": [Command.create(band) for band in bands],
                        }
                    )
                ],
            }
        )
        policy.action_activate()
        return policy

    def _decide(self, document, user, decision="approve", **values):
        """`user` decides on the last request of a document."""
        request = self.env["distribution.approval.request"].search(
            [("res_model", "=", document._name), ("res_id", "=", document.id)],
            order="id desc",
            limit=1,
        )
        getattr(request.with_user(user), f"action_{decision}")(**values)
        return request

    def _transfer(self, user=None, lane=None, quantities=None, **values):
        """A draft; of 10 bolts and 20 nuts unless `quantities` says otherwise."""
        quantities = quantities or {self.bolt: 10, self.nut: 20}
        return (
            self.env["distribution.transfer"]
            .with_user(user or self.olga)
            .create(
                {
                    "lane_id": (lane or self.lane_north).id,
                    "line_ids": [
                        Command.create(
                            {"product_id": product.id, "requested_qty": quantity}
                        )
                        for product, quantity in quantities.items()
                    ],
                    **values,
                }
            )
        )

    def _request(self, user=None, **values):
        """A transfer that was asked for; returns it as its requester."""
        transfer = self._transfer(user, **values)
        transfer.action_request()
        return transfer

    def _picking(self, transfer, leg):
        """The open operation of that leg; the first one, where there are several."""
        return (
            transfer.sudo()
            .picking_ids.filtered(
                lambda p: p.transfer_leg == leg and p.state not in ("done", "cancel")
            )
            .sorted("id")[:1]
        )

    def _ship(self, transfer, quantities=None, user=None):
        """Load the next truck."""
        picking = self._picking(transfer, "ship")
        return self._validate(picking, user or self.cora, quantities)

    def _receive(self, transfer, quantities=None, user=None):
        """Unload the next truck."""
        picking = self._picking(transfer, "receive")
        return self._validate(picking, user or self.olga, quantities)

    def _take_back(self, transfer, user=None):
        """The sender receives what comes back."""
        return self._validate(self._picking(transfer, "return"), user or self.cora)

    def _validate(self, picking, user, quantities=None):
        self.assertTrue(picking, "there is no such operation")
        picking = picking.with_user(user)
        picking.action_assign()
        for move in picking.move_ids if quantities else ():
            if move.product_id in quantities:
                move.quantity = quantities[move.product_id]
        picking.move_ids.filtered("quantity").picked = True
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        return picking

    def _line(self, transfer, product=None):
        product = product or self.bolt
        return transfer.line_ids.filtered(lambda line: line.product_id == product)[:1]

    def _quantities(self, transfer, product=None):
        """(shipped, in transit, received, returned, written off) of a product."""
        lines = transfer.sudo().line_ids.filtered(
            lambda line: line.product_id == (product or self.bolt)
        )
        return tuple(
            sum(lines.mapped(f"{name}_qty"))
            for name in (
                *("shipped", "in_transit", "received", "returned", "written_off"),
            )
        )

    def _discrepancy(self, transfer, kind=None):
        found = transfer.sudo().discrepancy_ids.filtered(lambda x: x._is_open())
        return found.filtered(lambda x: kind in (None, x.kind))[:1]

    def assertConserved(self, *transfers):
        """What is in the transit locations is what transfers say; nothing is negative."""
        lanes = (self.lane_north | self.lane_west) | self.env[
            "distribution.transfer"
        ].concat(*transfers).lane_id
        lines = self.env["distribution.transfer.line"].search(
            [("lane_id", "in", lanes.ids)]
        )
        for line in lines:
            self.assertAlmostEqual(
                line.shipped_qty,
                line.received_qty
                + line.in_transit_qty
                + line.returned_qty
                + line.written_off_qty,
            )
            self.assertGreaterEqual(line.in_transit_qty, 0)
        for lane in lanes:
            quants = self.env["stock.quant"].search(
                [("location_id", "=", lane.transit_location_id.id)]
            )
            self.assertFalse(quants.filtered(lambda quant: quant.quantity < 0))
            for product in quants.product_id | lines.product_id:
                of_product = lines.filtered(
                    lambda line, lane=lane, product=product: (
                        line.lane_id == lane and line.product_id == product
                    )
                )
                held = quants.filtered(
                    lambda q, product=product: q.product_id == product
                )
                self.assertAlmostEqual(
                    sum(
                        line.product_uom_id._compute_quantity(
                            line.in_transit_qty, product.uom_id, round=False
                        )
                        for line in of_product
                    ),
                    sum(held.mapped("quantity")),
                )
