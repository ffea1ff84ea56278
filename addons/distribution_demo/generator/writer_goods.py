"""What live transfers have in common: goods to send, trucks, people. Needs the suite."""

from datetime import timedelta
from math import ceil

from odoo import Command, fields

from odoo.addons.distribution_transfer.models.own import own

from .dating import date_operation, date_picking
from .writer_people import PeopleWriter

DEAR_COST = 50.0


class TransferPeopleWriter(PeopleWriter):
    """Verbs of the people at both ends of a lane."""

    def __init__(self, book):
        super().__init__(book)
        # What people do with these documents is told in their chatter.
        self.env = book.env
        self._shelves = {}

    def _as(self, key, model):
        self.env.cr.flush()  # what was tracked so far was done by somebody else
        return self.env[model].with_user(self.book.user(key))

    def _like(self, key, records):
        self.env.cr.flush()
        return records.with_user(self.book.user(key))

    def _freely(self, records):
        """The records as the installation sees them, which is nobody's own work."""
        return records.with_env(self.env)

    def _depot(self, number):
        return self._depots[number % len(self._depots)]

    # Goods.

    def _goods(self, count, quantity=6, source="central"):
        """{product id: quantity} of goods that the source has plenty of.

        Each call takes other products, those that are asked for most first, as long as
        there are others.
        """
        shelf = self._shelf(source)
        fitting = [product for product, free in shelf.items() if free >= quantity]
        if len(fitting) < count:
            raise AssertionError(f"{source} has no goods for {count} products")
        for product in fitting[:count]:
            self._take(product, quantity, source)
        return {product.id: quantity for product in fitting[:count]}

    def _dear_goods(self, value):
        """The same of one product, a dear one if there is any, worth `value` and more."""
        shelf = self._shelf("central")

        def quantity(product):
            return max(6, ceil(value / product.standard_price) + 2)

        product = min(
            (x for x in shelf if shelf[x] >= quantity(x)),
            key=lambda x: (x.standard_price < DEAR_COST, quantity(x)),
        )
        chosen = {product.id: quantity(product)}
        self._take(product, quantity(product))
        return chosen

    def _take(self, product, quantity, source="central"):
        """Less of it is free now, and it is the last to be taken again."""
        shelf = self._shelf(source)
        shelf[product] = shelf.pop(product) - quantity

    def _shelf(self, source):
        """{product: free quantity} at a branch, of what no other transfer here takes."""
        if source not in self._shelves:
            planned = sorted(self.plan.products, key=lambda product: product.rank)
            kept = [self.book.products[x.index] for x in planned if x.abc != "C"]
            warehouse = self.book.warehouses[source]
            products = self.env["product.product"].browse(kept)
            here = products.with_context(warehouse_id=warehouse.id)
            free = {product.id: product.free_qty for product in here}
            self._shelves[source] = {product: free[product.id] for product in products}
        return self._shelves[source]

    # Asking.

    def _draft(self, who, lane, goods, **values):
        return self._as(who, "distribution.transfer").create(
            {
                "lane_id": lane.id,
                "line_ids": [
                    Command.create({"product_id": product, "requested_qty": quantity})
                    for product, quantity in goods.items()
                ],
                **values,
            }
        )

    def _agreed(self, who, lane, goods, why="Enough for us as well.", **values):
        """Asked for, and agreed to by whoever the policy names, if anybody."""
        transfer = self._draft(who, lane, goods, **values)
        transfer.action_request()
        self._clear(transfer, why)
        return transfer

    def _clear(self, document, why):
        request = self._request_of(document)
        while request.state == "pending":
            self._decide(request, "approve", why)
        self.env.cr.flush()

    # Trucks.

    def _storeman(self, transfer, side):
        branch = self._freely(transfer)[f"{side}_branch_id"]
        keys = {branch.id: key for key, branch in self.book.branches.items()}
        key = keys[branch.id]
        if (key, side) == ("central", "source"):
            return "picker.central"
        return f"operator.{key}"

    def _operation(self, transfer, step):
        return self._freely(transfer).picking_ids.filtered(
            lambda picking: (
                picking.state not in ("done", "cancel")
                and picking.transfer_leg != "return"
                and picking._transfer_step() == step
            )
        )[:1]

    def _load(self, transfer, *steps, quantities=None):
        """Pick and load, as the storeman of the sender."""
        for step in steps or ("pick", "ship"):
            picking = self._operation(transfer, step)
            if picking:
                picking = self._like(self._storeman(transfer, "source"), picking)
                picking.action_assign()
                for move in picking.move_ids if step == "ship" and quantities else ():
                    move.quantity = quantities.get(move.product_id.id, move.quantity)
                self._validate(picking)
        return transfer

    def _validate(self, picking):
        moves = picking.move_ids.filtered("quantity")
        if not moves:
            raise AssertionError(f"nothing of {picking.name} is reserved")
        moves.picked = True
        context = {"skip_backorder": True, "skip_sms": True}
        picking.with_context(**context).button_validate()

    def _leave(self, transfer, days=0, is_new=False):
        """The truck has left: the last one that should be there by now, or days ago.

        :param is_new: the last truck that has left at all
        """
        lane = self._freely(transfer).lane_id
        now = fields.Datetime.now()
        if is_new:
            moment = self._last_departure(lane, now)
        else:
            moment = lane.last_departure_arriving_by(now - timedelta(days=days))
        records = own(self._freely(transfer))
        self.env.cr.flush()
        records.with_context(tracking_disable=True).write(
            {
                "departure_date": moment,
                "arrival_date": lane.expected_arrival(moment),
                "shipped_date": moment - timedelta(hours=1),
            }
        )
        loaded = records.picking_ids.filtered(
            lambda x: x.state == "done" and x.branch_id == records.source_branch_id
        )
        for age, picking in enumerate(loaded.sorted("id", reverse=True), start=1):
            date_picking(picking, moment - timedelta(hours=age))
        date_operation(loaded)
        self._like(self._storeman(transfer, "source"), transfer)._depart(moment)
        self.env.cr.flush()
        return transfer

    def _last_departure(self, lane, now):
        zone = lane._zone()
        days = [(now - timedelta(days=offset)).date() for offset in range(14)]
        departures = [lane._departure_on(day, zone) for day in days]
        return next(moment for moment in departures if moment and moment < now)

    def _promise(self, transfer):
        """The driver has called: it comes on the next working day."""
        now = fields.Datetime.now()
        records = own(self._freely(transfer))
        if records.arrival_date <= now:
            morning = now.replace(hour=9, minute=0, second=0, microsecond=0)
            records.write(
                {
                    "arrival_date": records.lane_id.expected_arrival(morning),
                    "latest_arrival_date": False,
                }
            )

    def _unload(self, transfer, *entries):
        """Receive everything as it was shipped, but for what the entries say.

        Each entry is for the next product of the truck.
        """
        who = self._storeman(transfer, "destination")
        picking = self._like(who, self._operation(transfer, "receive"))
        said = [
            {"move_id": move.id, "quantity": move.quantity}
            for move in picking.move_ids.filtered("quantity")
        ]
        for line, entry in zip(said, entries, strict=False):
            missing = entry.pop("missing", 0)
            line["quantity"] -= missing
            line.update(entry)
        found = picking.action_unload([*said, *entries[len(said) :]])
        found.with_user(self.book.user(who))._adopt_photos()
        self.env.cr.flush()
        return self._freely(found)

    def _settle(self, who, discrepancy, resolution, why="Agreed.", **values):
        """Settle it; whoever the policy names agrees."""
        self._like(who, discrepancy).action_settle(resolution, **values)
        self._clear(discrepancy, why)
