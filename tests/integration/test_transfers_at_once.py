"""Two people work on one transfer in the same moment, on a real server."""

import pytest
from clients import Json2Error
from test_main_job import Office, count, in_transit
from test_two_at_once import at_once

TRANSFER, PICKING = "distribution.transfer", "stock.picking"
DISCREPANCY = "distribution.transfer.discrepancy"
QUANTITY = 10
QUIET = {"skip_sms": True, "skip_backorder": True}


class Dock:
    """Two branches with a lane, and two storemen at each end."""

    def __init__(self, server):
        self.office = Office(server)
        hire = self.office.hire
        hire("Boss", "administrator")
        (region,) = self.ask(
            "Boss",
            "distribution.region",
            "create",
            vals_list=[{"name": "At once", "code": "TAO"}],
        )
        branches = self.ask(
            "Boss",
            "distribution.branch",
            "create",
            vals_list=[
                {"name": name, "code": code, "region_id": region}
                for name, code in (("Dock From", "TAOF"), ("Dock To", "TAOT"))
            ],
        )
        days = {"saturday": True, "sunday": True}
        ends = {"source_branch_id": branches[0], "destination_branch_id": branches[1]}
        (lane,) = self.ask(
            "Boss", "distribution.lane", "create", vals_list=[{**ends, **days}]
        )
        fields = ["transit_location_id"]
        (self.lane,) = self.ask(
            "Boss", "distribution.lane", "read", [lane], fields=fields
        )
        for name, branch in (("F1", 0), ("F2", 0), ("T1", 1), ("T2", 1)):
            hire(name, "branch_operator", branch_ids=[branches[branch]])
        (self.product,) = self.ask(
            "Boss",
            "product.product",
            "create",
            vals_list=[{"name": "Dock bolt", "is_storable": True}],
        )
        (row,) = self.ask(
            "Boss",
            "distribution.branch",
            "read",
            [branches[0]],
            fields=["warehouse_id"],
        )
        count(self.office, "Boss", row["warehouse_id"][0], self.product, 1000)

    def ask(self, *arguments, **named):
        return self.office.ask(*arguments, **named)

    def draft(self):
        line = {"product_id": self.product, "requested_qty": QUANTITY}
        values = {
            "lane_id": self.lane["id"],
            "reason": "balancing",
            "line_ids": [[0, 0, line]],
        }
        (transfer,) = self.ask("T1", TRANSFER, "create", vals_list=[values])
        return transfer

    def requested(self):
        transfer = self.draft()
        self.ask("T1", TRANSFER, "action_request", [transfer])
        return transfer

    def shipped(self):
        transfer = self.requested()
        self.validate("F1", self.operation(transfer, "ship"))
        return transfer

    def operation(self, transfer, leg):
        todo = [("transfer_id", "=", transfer), ("state", "not in", ("done", "cancel"))]
        rows = self.office.find("Boss", PICKING, todo, ["transfer_leg"])
        found = [row["id"] for row in rows if row["transfer_leg"] == leg]
        return found[0] if found else None

    def validate(self, name, picking):
        return self.ask(name, PICKING, "button_validate", [picking], context=QUIET)

    def state(self, transfer):
        (row,) = self.ask("Boss", TRANSFER, "read", [transfer], fields=["state"])
        return row["state"]

    def figures(self, transfer):
        """(shipped, in transit, received) of the one line."""
        fields = ["shipped_qty", "in_transit_qty", "received_qty"]
        domain = [("transfer_id", "=", transfer)]
        (row,) = self.office.find("Boss", "distribution.transfer.line", domain, fields)
        return tuple(row[field] for field in fields)

    def race(self, *calls):
        """(how many succeeded, the messages of the others)."""
        results = at_once(*calls)
        errors = [str(x) for x in results if isinstance(x, Json2Error)]
        return len(results) - len(errors), errors


@pytest.fixture(scope="module")
def dock(server):
    return Dock(server)


def test_two_receivers_validate_one_receipt(dock):
    before = in_transit(dock.office, "Boss", dock.lane)
    transfer = dock.shipped()
    picking = dock.operation(transfer, "receive")
    won, messages = dock.race(
        lambda: dock.validate("T1", picking), lambda: dock.validate("T2", picking)
    )
    assert won == 1, messages
    assert "is done already" in messages[0]
    assert dock.figures(transfer) == (QUANTITY, 0, QUANTITY)
    assert in_transit(dock.office, "Boss", dock.lane) == before
    assert dock.state(transfer) == "reconciled"


def test_two_receivers_unload_one_truck(dock):
    transfer = dock.shipped()
    picking = dock.operation(transfer, "receive")
    (move,) = dock.office.find("Boss", "stock.move", [("picking_id", "=", picking)])

    def unload(name, quantity):
        entries = [{"move_id": move["id"], "quantity": quantity}]
        return dock.ask(name, PICKING, "action_unload", [picking], entries=entries)

    won, messages = dock.race(lambda: unload("T1", 8), lambda: unload("T2", 9))
    assert won == 1, messages
    assert "not open any more" in messages[0]
    shipped, on_road, received = dock.figures(transfer)
    assert (shipped, on_road + received) == (QUANTITY, QUANTITY)
    assert received in (8, 9)
    domain = [("transfer_id", "=", transfer)]
    (short,) = dock.office.find("Boss", DISCREPANCY, domain, ["quantity"])
    assert short["quantity"] == on_road


def test_ship_and_cancel(dock):
    for _number in range(3):
        transfer = dock.requested()
        picking = dock.operation(transfer, "ship")
        won, messages = dock.race(
            lambda picking=picking: dock.validate("F1", picking),
            lambda transfer=transfer: dock.ask(
                "T1", TRANSFER, "action_cancel", [transfer]
            ),
        )
        assert won == 1, messages
        if dock.state(transfer) == "cancelled":
            assert "was cancelled" in messages[0]
            assert dock.figures(transfer) == (0, 0, 0)
        else:
            assert "Return to Sender" in messages[0]
            assert dock.figures(transfer) == (QUANTITY, QUANTITY, 0)


def test_two_ship_the_same(dock):
    transfer = dock.requested()
    picking = dock.operation(transfer, "ship")
    won, messages = dock.race(
        lambda: dock.validate("F1", picking), lambda: dock.validate("F2", picking)
    )
    assert won == 1, messages
    assert dock.figures(transfer) == (QUANTITY, QUANTITY, 0)


def test_two_request_the_same(dock):
    transfer = dock.draft()
    won, messages = dock.race(
        *(
            lambda name=name: dock.ask(name, TRANSFER, "action_request", [transfer])
            for name in ("T1", "T2")
        )
    )
    assert won == 1, messages
    count_of = [("transfer_id", "=", transfer)]
    assert dock.ask("Boss", PICKING, "search_count", domain=count_of) == 2


def test_two_settle_the_same_difference(dock):
    transfer = dock.shipped()
    picking = dock.operation(transfer, "receive")
    (move,) = dock.office.find("Boss", "stock.move", [("picking_id", "=", picking)])
    entries = [{"move_id": move["id"], "quantity": 7}]
    dock.ask("T1", PICKING, "action_unload", [picking], entries=entries)
    (short,) = dock.office.find("Boss", DISCREPANCY, [("transfer_id", "=", transfer)])
    won, messages = dock.race(
        *(
            lambda name=name: dock.ask(
                name, DISCREPANCY, "action_settle", [short["id"]], resolution="return"
            )
            for name in ("T1", "F1")
        )
    )
    assert won == 1, messages
    assert "being settled already" in messages[0]
    assert dock.operation(transfer, "return")
    dock.validate("F1", dock.operation(transfer, "return"))
    assert dock.state(transfer) == "reconciled"
