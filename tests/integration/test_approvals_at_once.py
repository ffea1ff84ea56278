"""Approvers, and those who ask them, act in the same moment on a real server."""

import subprocess

import postgres
import pytest
from clients import Json2Error
from odoo_process import ODOO, write_config
from paths import ADDONS
from test_two_at_once import at_once

ROLE = "distribution_base.group_"
REQUEST = "distribution.approval.request"
POLICY = "distribution.approval.policy"
ORDER = "purchase.order"
LIMIT = 1000


class Desk:
    """A buyer, two controllers who approve, and an administrator."""

    def __init__(self, server):
        self.server = server
        self.clients = {}
        self.users = {}
        for name, role in (
            ("buyer", "central_buyer"),
            ("first", "finance_controller"),
            ("second", "finance_controller"),
            ("boss", "administrator"),
        ):
            self.users[name] = server.create_user(f"{ROLE}{role}", name=name)
            self.clients[name] = server.json2(self.users[name])
        self.group = self._make_group()
        (self.vendor,) = self.ask(
            "boss", "res.partner", "create", vals_list=[{"name": "Race Bolts"}]
        )
        (self.product,) = self.ask(
            "boss", "product.product", "create", vals_list=[{"name": "Race bolt"}]
        )

    def _make_group(self):
        members = [self.users[name].id for name in ("first", "second")]
        values = {"name": "Race approvers", "user_ids": [(6, 0, members)]}
        return self.server.xmlrpc(self.server.admin, "res.groups", "create", [values])[
            0
        ]

    def ask(self, name, model, method, ids=None, **arguments):
        return self.clients[name].call(model, method, ids=ids, **arguments)

    def activate(self, origin, minimum):
        """A policy for orders with that origin: some of the approvers, from LIMIT on."""
        step = {"authority": "group", "group_id": self.group, "minimum": minimum}
        bands = [
            {"has_lower": False, "has_upper": True, "upper": LIMIT},
            {"lower": LIMIT, "step_ids": [(0, 0, step)]},
        ]
        rule = {
            "name": "By value",
            "measure": "purchase_amount",
            "band_ids": [(0, 0, band) for band in bands],
        }
        values = {
            "name": f"Race {origin}",
            "sequence": 1,
            "document_model": ORDER,
            "domain": repr([("origin", "=", origin)]),
            "rule_ids": [(0, 0, rule)],
        }
        (policy,) = self.ask("boss", POLICY, "create", vals_list=[values])
        self.ask("boss", POLICY, "action_activate", [policy])

    def order(self, origin, confirm=True):
        line = {"product_id": self.product, "product_qty": 10, "price_unit": LIMIT}
        values = {
            "partner_id": self.vendor,
            "origin": origin,
            "order_line": [(0, 0, line)],
        }
        (order,) = self.ask("buyer", ORDER, "create", vals_list=[values])
        if confirm:
            self.ask("buyer", ORDER, "button_confirm", [order])
        return order

    def requests(self, order, fields=("state",)):
        domain = [("res_model", "=", ORDER), ("res_id", "=", order)]
        return self.ask(
            "boss", REQUEST, "search_read", domain=domain, fields=list(fields)
        )

    def state(self, order):
        return self.ask("buyer", ORDER, "read", [order], fields=["state"])[0]["state"]

    def receipts(self, order):
        (values,) = self.ask("buyer", ORDER, "read", [order], fields=["picking_ids"])
        return len(values["picking_ids"])

    def decisions(self, order):
        return self.ask(
            "boss",
            "distribution.approval.decision",
            "search_read",
            domain=[("res_model", "=", ORDER), ("res_id", "=", order)],
            fields=["decision", "user_id"],
        )


@pytest.fixture(scope="module")
def desk(server):
    desk = Desk(server)
    desk.activate("ONE", 1)
    desk.activate("TWO", 2)
    return desk


def approve(desk, name, request):
    return lambda: desk.ask(name, REQUEST, "action_approve", [request])


def test_one_decision_counts_and_the_other_is_told(desk):
    order = desk.order("ONE")
    (request,) = desk.requests(order)
    results = at_once(
        *(approve(desk, name, request["id"]) for name in ("first", "second"))
    )
    losers = [result for result in results if isinstance(result, Json2Error)]
    assert len(losers) == 1, results
    assert losers[0].status == 422
    assert "approved already, by" in str(losers[0])
    assert desk.state(order) == "purchase"
    assert desk.receipts(order) == 1
    assert [line["decision"] for line in desk.decisions(order)] == ["approve"]


def test_two_that_are_needed_both_count(desk):
    order = desk.order("TWO")
    (request,) = desk.requests(order)
    results = at_once(
        *(approve(desk, name, request["id"]) for name in ("first", "second"))
    )
    assert results == [True, True]
    assert desk.state(order) == "purchase"
    assert desk.receipts(order) == 1
    assert len({line["user_id"][0] for line in desk.decisions(order)}) == 2


def test_one_approver_twice_counts_once(desk):
    order = desk.order("TWO")
    (request,) = desk.requests(order)
    results = at_once(*(approve(desk, "first", request["id"]) for _time in range(2)))
    assert sum(isinstance(result, Json2Error) for result in results) == 1, results
    assert desk.state(order) == "to approve"
    assert len(desk.decisions(order)) == 1


def test_two_who_ask_make_one_request(desk):
    order = desk.order("ONE", confirm=False)
    at_once(
        *(
            lambda name=name: desk.ask(name, ORDER, "button_confirm", [order])
            for name in ("buyer", "boss")
        )
    )
    assert [request["state"] for request in desk.requests(order)] == ["pending"]


def test_a_change_while_it_is_approved(desk):
    """Either the change comes first and nothing is approved, or it is refused."""
    for _attempt in range(3):
        order = desk.order("ONE")
        (request,) = desk.requests(order)
        (values,) = desk.ask("buyer", ORDER, "read", [order], fields=["order_line"])
        at_once(
            approve(desk, "first", request["id"]),
            lambda lines=values["order_line"]: desk.ask(
                "buyer",
                "purchase.order.line",
                "write",
                lines,
                vals={"price_unit": 9999},
            ),
        )
        (values,) = desk.ask("buyer", ORDER, "read", [order], fields=["amount_untaxed"])
        outcome = (
            desk.state(order),
            desk.requests(order)[0]["state"],
            values["amount_untaxed"],
        )
        assert outcome in (
            ("purchase", "approved", 10.0 * LIMIT),
            ("draft", "superseded", 99990.0),
        ), outcome


def test_the_chain_from_the_shell(desk, server):
    """The command says that the chain is intact; with one byte altered, that it is not."""
    assert verify(server.database).returncode == 0
    alter(server.database, "COALESCE(reason, '') || 'x'")
    try:
        altered = verify(server.database)
    finally:
        alter(server.database, "NULLIF(LEFT(reason, -1), '')")
    assert altered.returncode == 1, altered.stderr[-2000:]
    assert "Decision 2" in altered.stdout
    assert verify(server.database).returncode == 0


def alter(name, reason):
    query = (
        f"UPDATE distribution_approval_decision SET reason = {reason} WHERE number = 2"
    )
    postgres.server().execute(query, database=name)


def verify(name):
    config = write_config("approvals", db_name=name)
    command = [*ODOO, f"--addons-path={ADDONS}", "approval_verify", "-c", config]
    return subprocess.run(
        [*command, "-d", name], capture_output=True, text=True, timeout=300, check=False
    )
