"""The main job, over JSON-2, as the people who do it.

A distributor with a central warehouse and a depot opens another depot from the template.
A customer of that region orders ten pieces there; four are on the shelf, six come from the
central warehouse along the lane. They are received, delivered and invoiced. Every figure is
checked at every step, and a clerk of the other depot can see and do none of it.
"""

import pytest
from clients import Json2Error

ROLE = "distribution_base.group_"
ORDERED, ON_THE_SHELF = 10, 4
MISSING = ORDERED - ON_THE_SHELF
COST, PRICE = 4.0, 10.0


class Office:
    """The people of the test, each with a JSON-2 client of their own."""

    def __init__(self, server):
        self.server = server
        self.clients = {}
        self.ids = {}

    def hire(self, name, role, **values):
        user = self.server.create_user(f"{ROLE}{role}", name=name, **values)
        self.clients[name] = self.server.json2(user)
        self.ids[name] = user.id

    def ask(self, name, model, method, ids=None, **arguments):
        """What `name` gets for calling `method`."""
        return self.clients[name].call(model, method, ids=ids, **arguments)

    def find(self, name, model, domain, fields=("id",), **arguments):
        return self.ask(
            name, model, "search_read", domain=domain, fields=list(fields), **arguments
        )

    def refused(self, name, model, method, ids=None, **arguments):
        """Whether `name` is denied, by the rights and not by an error of ours."""
        with pytest.raises(Json2Error) as error:
            self.ask(name, model, method, ids=ids, **arguments)
        return error.value.status == 403


@pytest.fixture(scope="module")
def office(server):
    office = Office(server)
    office.hire("Administrator", "administrator")
    return office


def open_branch(office, template, name, code, region, **values):
    """Preview and apply a template; the ids of the new branch and its warehouse."""
    boss = "Administrator"
    (opening,) = office.ask(
        boss,
        "distribution.branch.opening",
        "create",
        vals_list=[
            {
                "template_id": office.server.xml_id(
                    f"distribution_template.{template}"
                ),
                "name": name,
                "code": code,
                "region_id": region,
                **values,
            }
        ],
    )
    model = "distribution.branch.opening"
    office.ask(boss, model, "action_preview", [opening])
    preview = office.find(
        boss, f"{model}.line", [("opening_id", "=", opening)], ["action", "part"]
    )
    assert {"create"} <= {line["action"] for line in preview}
    assert not office.find(boss, "distribution.branch", [("code", "=", code)])
    office.ask(boss, model, "action_apply", [opening])
    (branch,) = office.find(
        boss, "distribution.branch", [("code", "=", code)], ["warehouse_id"]
    )
    return branch["id"], branch["warehouse_id"][0]


@pytest.fixture(scope="module")
def network(office):
    """A central warehouse with stock, a depot, and the people of both."""
    boss = "Administrator"
    (region, north, east) = office.ask(
        boss,
        "distribution.region",
        "create",
        vals_list=[
            {"name": "Network", "code": "MJ"},
            {"name": "North", "code": "MJN"},
            {"name": "East", "code": "MJE"},
        ],
    )
    office.ask(
        boss, "distribution.region", "write", [north, east], vals={"parent_id": region}
    )
    central = open_branch(office, "template_central", "Central", "MJC", region)
    depot = open_branch(office, "template_depot", "North Depot", "MJN", north)
    office.hire("Cora", "branch_operator", branch_ids=[central[0]])
    office.hire("Nils", "branch_manager", branch_ids=[depot[0]])
    (product,) = office.ask(
        boss,
        "product.product",
        "create",
        vals_list=[
            {
                "name": "Hydraulic hose 12 mm",
                "is_storable": True,
                "standard_price": COST,
                "list_price": PRICE,
                "taxes_id": [],
                "invoice_policy": "delivery",
            }
        ],
    )
    count(office, boss, central[1], product, 100)
    return {"east": east, "central": central, "depot": depot, "product": product}


def count(office, name, warehouse, product, quantity):
    """Put stock on the shelf of a warehouse, as a count does."""
    (row,) = office.find(
        name, "stock.warehouse", [("id", "=", warehouse)], ["lot_stock_id"]
    )
    (quant,) = office.ask(
        name,
        "stock.quant",
        "create",
        vals_list=[
            {
                "product_id": product,
                "location_id": row["lot_stock_id"][0],
                "inventory_quantity": quantity,
            }
        ],
        context={"inventory_mode": True},
    )
    office.ask(name, "stock.quant", "action_apply_inventory", [quant])


def on_hand(office, name, product, warehouse):
    """What `name` reads as on hand, free and forecast."""
    fields = ["qty_available", "free_qty", "virtual_available"]
    (row,) = office.ask(
        name,
        "product.product",
        "read",
        [product],
        fields=fields,
        context={"warehouse_id": warehouse},
    )
    return tuple(row[field] for field in fields)


def in_transit(office, name, lane):
    location = lane["transit_location_id"][0]
    quants = office.find(
        name, "stock.quant", [("location_id", "=", location)], ["quantity"]
    )
    return sum(quant["quantity"] for quant in quants)


def validate(office, name, picking):
    """Do a transfer in full."""
    office.ask(name, "stock.picking", "action_assign", [picking])
    office.ask(
        name,
        "stock.picking",
        "button_validate",
        [picking],
        context={"skip_sms": True, "skip_backorder": True},
    )


def transfers(office, name, domain):
    fields = ["name", "state", "branch_id", "peer_branch_id", "location_dest_id"]
    return office.find(name, "stock.picking", domain, fields, order="id")


def ship_from_central(office):
    """Pick, pack and ship whatever is ready."""
    todo = [("branch_id.code", "=", "MJC"), ("state", "=", "assigned")]
    for _step in range(4):
        for picking in office.find("Cora", "stock.picking", todo):
            validate(office, "Cora", picking["id"])


def test_main_job(office, network):
    product, central_stock = network["product"], network["central"][1]
    branch, warehouse, lane = open_the_fourth_branch(office, network)

    order = take_the_order(office, product, lane)
    receipt = check_what_was_asked_for(office, network, order, branch, lane)
    assert on_hand(office, "Ella", product, warehouse) == (ON_THE_SHELF, 0, 0)

    # The central warehouse ships: the pieces are on the road, and in no warehouse.
    ship_from_central(office)
    assert in_transit(office, "Ella", lane) == MISSING
    assert on_hand(office, "Cora", product, central_stock)[0] == 100 - MISSING
    assert on_hand(office, "Ella", product, warehouse)[0] == ON_THE_SHELF

    # Somebody of another depot sees the levels, and none of the documents.
    check_that_the_other_depot_is_kept_out(office, order, receipt, lane)
    assert on_hand(office, "Nils", product, warehouse)[0] == ON_THE_SHELF

    validate(office, "Ella", receipt)
    assert in_transit(office, "Ella", lane) == 0
    assert on_hand(office, "Ella", product, warehouse)[0] == ORDERED
    deliver(office, order, branch)
    assert on_hand(office, "Ella", product, warehouse) == (0, 0, 0)

    check_the_invoice(office, order, branch)


def open_the_fourth_branch(office, network):
    """From the template; its lane from the central warehouse comes along."""
    branch, warehouse = open_branch(
        office, "template_depot", "East Depot", "MJD", network["east"]
    )
    office.hire("Ella", "branch_operator", branch_ids=[branch])
    (lane,) = office.find(
        "Ella",
        "distribution.lane",
        [("destination_branch_id", "=", branch), ("source_branch_id.code", "=", "MJC")],
        ["route_id", "transit_location_id"],
    )
    count(office, "Ella", warehouse, network["product"], ON_THE_SHELF)
    return branch, warehouse, lane


def take_the_order(office, product, lane):
    """The clerk sells ten, and asks for what is missing along the lane."""
    (customer,) = office.ask(
        "Ella", "res.partner", "create", vals_list=[{"name": "Eastern Forge"}]
    )
    line = {
        "product_id": product,
        "product_uom_qty": ORDERED,
        "price_unit": PRICE,
        "route_ids": [[6, 0, [lane["route_id"][0]]]],
    }
    values = {"partner_id": customer, "order_line": [[0, 0, line]]}
    (order,) = office.ask("Ella", "sale.order", "create", vals_list=[values])
    office.ask("Ella", "sale.order", "action_confirm", [order])
    return order


def check_what_was_asked_for(office, network, order, branch, lane):
    """Two chained transfers; the receipt is what is returned."""
    (confirmed,) = office.find(
        "Ella", "sale.order", [("id", "=", order)], ["state", "branch_id"]
    )
    assert (confirmed["state"], confirmed["branch_id"][0]) == ("sale", branch)
    chain = transfers(office, "Ella", [("lane_id", "=", lane["id"])])
    assert len(chain) == 2, "shipping from the central warehouse, receiving here"
    assert {row["branch_id"][0] for row in chain} == {network["central"][0], branch}
    (receipt,) = [row["id"] for row in chain if row["branch_id"][0] == branch]
    (move,) = office.find(
        "Ella", "stock.move", [("picking_id", "=", receipt)], ["product_uom_qty"]
    )
    assert move["product_uom_qty"] == MISSING
    return receipt


def deliver(office, order, branch):
    todo = [
        ("sale_id", "=", order),
        ("branch_id", "=", branch),
        ("state", "=", "assigned"),
    ]
    for _step in range(2):
        for picking in transfers(office, "Ella", todo):
            validate(office, "Ella", picking["id"])


def check_that_the_other_depot_is_kept_out(office, order, receipt, lane):
    for model, record in (("sale.order", order), ("stock.picking", receipt)):
        assert not office.find("Nils", model, [("id", "=", record)])
        assert office.refused("Nils", model, "read", [record], fields=["name"])
        assert office.refused("Nils", model, "write", [record], vals={"origin": "x"})
    assert office.refused("Nils", "stock.picking", "button_validate", [receipt])
    assert office.refused("Nils", "stock.picking", "action_cancel", [receipt])
    assert office.refused("Nils", "sale.order", "action_confirm", [order])
    assert not transfers(office, "Nils", [("lane_id", "=", lane["id"])])
    # The sender sees the receipt of what it sent, and cannot do it.
    assert transfers(office, "Cora", [("id", "=", receipt)])
    assert office.refused("Cora", "stock.picking", "button_validate", [receipt])


def check_the_invoice(office, order, branch):
    """Invoiced for what was delivered, to the branch that sold it."""
    (line,) = office.find(
        "Ella",
        "sale.order.line",
        [("order_id", "=", order)],
        ["qty_delivered", "qty_to_invoice"],
    )
    assert line["qty_delivered"] == line["qty_to_invoice"] == ORDERED
    (wizard,) = office.ask(
        "Ella",
        "sale.advance.payment.inv",
        "create",
        vals_list=[{"sale_order_ids": [[6, 0, [order]]]}],
        context={"active_model": "sale.order", "active_ids": [order]},
    )
    office.ask("Ella", "sale.advance.payment.inv", "create_invoices", [wizard])
    office.hire("Frida", "finance_controller")
    fields = ["state", "branch_id", "amount_untaxed", "invoice_line_ids"]
    domain = [("line_ids.sale_line_ids.order_id", "=", order)]
    (invoice,) = office.find("Frida", "account.move", domain, fields)
    office.ask("Frida", "account.move", "action_post", [invoice["id"]])
    (invoice,) = office.find("Ella", "account.move", domain, fields)
    assert invoice["state"] == "posted"
    assert invoice["branch_id"][0] == branch
    assert invoice["amount_untaxed"] == ORDERED * PRICE
    assert not office.find("Nils", "account.move", domain)
    (line,) = office.find(
        "Frida",
        "account.move.line",
        [("move_id", "=", invoice["id"]), ("display_type", "=", "product")],
        ["branch_id", "quantity", "price_subtotal"],
    )
    assert line["branch_id"][0] == branch
    assert (line["quantity"], line["price_subtotal"]) == (ORDERED, ORDERED * PRICE)
