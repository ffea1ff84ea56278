"""The reference case of a transfer, over JSON-2, as the people who do it.

A depot asks for more than the central warehouse likes to give, its manager agrees, the truck
leaves, fewer pieces arrive, the controller claims the rest from the carrier, and the transfer
is closed. Stock, the road and the ledger agree at every step.
"""

import pytest
from test_main_job import Office, count, in_transit, on_hand

TRANSFER, LINE = "distribution.transfer", "distribution.transfer.line"
DISCREPANCY = "distribution.transfer.discrepancy"
STOCK, ASKED, ARRIVED, COST = 100, 80, 74, 4.0
LOST = ASKED - ARRIVED


@pytest.fixture(scope="module")
def office(server):
    office = Office(server)
    office.hire("Administrator", "administrator")
    return office


@pytest.fixture(scope="module")
def case(office):
    """Two branches, a lane, a product valued in real time, a policy, four people."""
    branches, lane = open_network(office)
    boss = "Administrator"
    warehouses = [
        row["warehouse_id"][0]
        for row in office.ask(
            boss, "distribution.branch", "read", branches, fields=["warehouse_id"]
        )
    ]
    product = make_product(office)
    count(office, boss, warehouses[0], product, STOCK)
    govern(office, branches[0])
    return {
        "lane": lane,
        "branches": branches,
        "warehouses": warehouses,
        "product": product,
    }


def open_network(office):
    """A central warehouse and a depot, the lane between them, and their people."""
    boss = "Administrator"
    (region,) = office.ask(
        boss, "distribution.region", "create", vals_list=[{"name": "TC", "code": "TC"}]
    )
    branches = office.ask(
        boss,
        "distribution.branch",
        "create",
        vals_list=[
            {"name": name, "code": code, "region_id": region}
            for name, code in (("Case Central", "TCC"), ("Case Depot", "TCD"))
        ],
    )
    office.hire("Otto", "branch_operator", branch_ids=[branches[1]])
    office.hire("Clara", "branch_manager", branch_ids=[branches[0]])
    office.hire("Carl", "branch_operator", branch_ids=[branches[0]])
    office.hire("Fiona", "finance_controller")
    office.ask(
        boss,
        "distribution.branch",
        "write",
        [branches[0]],
        vals={"manager_id": office.ids["Clara"]},
    )
    days = {day: True for day in ("saturday", "sunday")}
    (lane,) = office.ask(
        boss,
        "distribution.lane",
        "create",
        vals_list=[
            {
                "source_branch_id": branches[0],
                "destination_branch_id": branches[1],
                **days,
            }
        ],
    )
    (lane,) = office.ask(
        boss, "distribution.lane", "read", [lane], fields=["transit_location_id"]
    )
    return branches, lane


def make_product(office):
    """Valued when it moves, so that the loss is an entry."""
    claims, stock = as_admin(
        office,
        "account.account",
        "create",
        [
            {"name": "Case claims", "code": "TCCLAIM", "account_type": "asset_current"},
            {"name": "Case stock", "code": "TCSTOCK", "account_type": "asset_current"},
        ],
    )
    set_account_of_claims(office, claims)
    category = {
        "name": "Case",
        "property_valuation": "real_time",
        "property_stock_valuation_account_id": stock,
    }
    (category,) = as_admin(office, "product.category", "create", [category])
    product = {
        "name": "Case bearing",
        "is_storable": True,
        "standard_price": COST,
        "categ_id": category,
    }
    (product,) = as_admin(office, "product.product", "create", [product])
    return product


def set_account_of_claims(office, account):
    """Where goods go that are claimed from carriers."""
    admin = office.server.admin.id
    (user,) = as_admin(office, "res.users", "read", [admin], ["company_id"])
    company = user["company_id"][0]
    location = {
        "name": "Case claims",
        "usage": "inventory",
        "company_id": company,
        "valuation_account_id": account,
    }
    (location,) = as_admin(office, "stock.location", "create", [location])
    values = {"transfer_claim_location_id": location}
    as_admin(office, "res.company", "write", [company], values)


def as_admin(office, model, method, *arguments):
    """Set-up that no role of the suite may do."""
    return office.server.xmlrpc(office.server.admin, model, method, *arguments)


def govern(office, branch):
    """From a value of 100 on the manager of the sending branch decides."""
    step = {"authority": "branch_manager"}
    rule = {
        "name": "Value",
        "measure": "transfer_value",
        "band_ids": [
            [0, 0, {"has_lower": False, "has_upper": True, "upper": 100}],
            [0, 0, {"has_lower": True, "lower": 100, "step_ids": [[0, 0, step]]}],
        ],
    }
    (policy,) = office.ask(
        "Administrator",
        "distribution.approval.policy",
        "create",
        vals_list=[
            {
                "name": "Case transfers",
                "document_model": TRANSFER,
                "branch_ids": [[6, 0, [branch]]],
                "rule_ids": [[0, 0, rule]],
            }
        ],
    )
    office.ask(
        "Administrator", "distribution.approval.policy", "action_activate", [policy]
    )


def test_request_approval_truck_short_receipt_claim_closed(office, case):
    transfer = ask_for_goods(office, case)
    agree(office, transfer)
    load_the_truck(office, case, transfer)
    unload_the_truck(office, case, transfer)
    claim(office, case, transfer)
    close(office, case, transfer)


def state(office, name, transfer):
    (row,) = office.ask(name, TRANSFER, "read", [transfer], fields=["state"])
    return row["state"]


def figures(office, name, transfer):
    """(shipped, in transit, received, written off) as `name` sees them."""
    fields = ["shipped_qty", "in_transit_qty", "received_qty", "written_off_qty"]
    (row,) = office.find(name, LINE, [("transfer_id", "=", transfer)], fields)
    return tuple(row[field] for field in fields)


def operation(office, name, transfer, leg):
    """The open operation of that leg."""
    todo = [("transfer_id", "=", transfer), ("state", "not in", ("done", "cancel"))]
    rows = office.find(name, "stock.picking", todo, ["transfer_leg"])
    (found,) = [row["id"] for row in rows if row["transfer_leg"] == leg]
    return found


def ask_for_goods(office, case):
    """Otto of the depot asks; it is worth more than the policy lets pass."""
    line = {"product_id": case["product"], "requested_qty": ASKED}
    values = {
        "lane_id": case["lane"]["id"],
        "reason": "balancing",
        "line_ids": [[0, 0, line]],
    }
    (transfer,) = office.ask("Otto", TRANSFER, "create", vals_list=[values])
    office.ask("Otto", TRANSFER, "action_request", [transfer])
    assert state(office, "Otto", transfer) == "requested"
    assert not office.find("Carl", "stock.picking", [("transfer_id", "=", transfer)]), (
        "nothing is to be picked yet"
    )
    return transfer


def agree(office, transfer):
    """Clara manages the sending branch; nobody else decides."""
    request_of = [("res_model", "=", TRANSFER), ("res_id", "=", transfer)]
    model = "distribution.approval.request"
    (request,) = office.find("Clara", model, request_of)
    assert office.refused("Otto", model, "action_approve", [request["id"]])
    office.ask("Clara", model, "action_approve", [request["id"]])
    assert state(office, "Otto", transfer) == "approved"


def load_the_truck(office, case, transfer):
    """Carl loads what was agreed to; it is on the road, and in no warehouse."""
    picking = operation(office, "Carl", transfer, "ship")
    assert office.refused("Otto", "stock.picking", "button_validate", [picking])
    validate(office, "Carl", picking)
    office.ask("Carl", TRANSFER, "action_depart", [transfer])
    assert state(office, "Carl", transfer) == "in_transit"
    assert figures(office, "Otto", transfer) == (ASKED, ASKED, 0, 0)
    assert in_transit(office, "Otto", case["lane"]) == ASKED
    central, depot = case["warehouses"]
    assert on_hand(office, "Otto", case["product"], central)[0] == STOCK - ASKED
    assert on_hand(office, "Otto", case["product"], depot) == (0, 0, ASKED)


def validate(office, name, picking):
    context = {"skip_sms": True, "skip_backorder": True}
    office.ask(name, "stock.picking", "button_validate", [picking], context=context)


def unload_the_truck(office, case, transfer):
    """Fewer arrive. Otto says so at the door, and the truck does not wait."""
    picking = operation(office, "Otto", transfer, "receive")
    (move,) = office.find("Otto", "stock.move", [("picking_id", "=", picking)])
    entry = {
        "move_id": move["id"],
        "quantity": ARRIVED,
        "note": "A carton is missing; the driver has signed.",
    }
    office.ask("Otto", "stock.picking", "action_unload", [picking], entries=[entry])
    assert state(office, "Otto", transfer) == "received"
    assert figures(office, "Otto", transfer) == (ASKED, LOST, ARRIVED, 0)
    depot = case["warehouses"][1]
    assert on_hand(office, "Otto", case["product"], depot)[0] == ARRIVED
    assert in_transit(office, "Otto", case["lane"]) == LOST


def claim(office, case, transfer):
    """Fiona claims the rest; the loss is in the ledger, and nothing is on the road."""
    fields = ["kind", "quantity", "value", "note", "state", "account_move_ids"]
    domain = [("transfer_id", "=", transfer)]
    (short,) = office.find("Fiona", DISCREPANCY, domain, fields)
    assert (short["kind"], short["quantity"]) == ("short", LOST)
    assert short["value"] == LOST * COST
    assert "driver has signed" in short["note"]
    office.ask("Fiona", DISCREPANCY, "action_settle", [short["id"]], resolution="claim")
    (short,) = office.find("Fiona", DISCREPANCY, domain, fields)
    assert short["state"] == "resolved"
    entry = short["account_move_ids"]
    fields = ["debit", "account_id", "branch_id"]
    (debit,) = office.find(
        "Fiona",
        "account.move.line",
        [("move_id", "in", entry), ("debit", ">", 0)],
        fields,
    )
    assert debit["debit"] == LOST * COST
    assert "Case claims" in debit["account_id"][1]
    assert debit["branch_id"][0] == case["branches"][0], (
        "a carrier's fault: the sender's"
    )
    assert figures(office, "Otto", transfer) == (ASKED, 0, ARRIVED, LOST)
    assert in_transit(office, "Fiona", case["lane"]) == 0


def close(office, case, transfer):
    assert state(office, "Clara", transfer) == "reconciled"
    office.ask("Clara", TRANSFER, "action_close", [transfer])
    assert state(office, "Otto", transfer) == "closed"
    central, depot = case["warehouses"]
    here = on_hand(office, "Fiona", case["product"], central)[0]
    there = on_hand(office, "Fiona", case["product"], depot)[0]
    assert here + there + LOST == STOCK
    office.hire("Nadia", "branch_operator", branch_ids=[])
    assert not office.find("Nadia", TRANSFER, [("id", "=", transfer)])
    assert office.refused("Nadia", TRANSFER, "read", [transfer], fields=["state"])
