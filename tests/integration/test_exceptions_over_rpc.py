"""What a client can and cannot do with exceptions: the doors are JSON-2 and XML-RPC."""

import time
import xmlrpc.client

import pytest
from clients import Json2Error

ROLE = "distribution_base.group_"
EXCEPTION, RULE = "distribution.exception", "distribution.exception.rule"
MARK = "exceptions over rpc"


@pytest.fixture(scope="module")
def scene(server):
    """Two branches with an order each, a rule that finds both, and an operator of one."""
    admin = server.json2(server.admin)
    (region,) = admin.call(
        "distribution.region", "create", vals_list=[{"name": "Far", "code": "FAR"}]
    )
    branches = admin.call(
        "distribution.branch",
        "create",
        vals_list=[
            {"name": code, "code": code, "region_id": region} for code in ("RPA", "RPB")
        ],
    )
    rows = admin.call("distribution.branch", "read", branches, fields=["warehouse_id"])
    (customer,) = admin.call("res.partner", "create", vals_list=[{"name": MARK}])
    orders = admin.call(
        "sale.order",
        "create",
        vals_list=[
            {"partner_id": customer, "warehouse_id": row["warehouse_id"][0]}
            for row in rows
        ],
    )
    admin.call("sale.order", "write", orders, vals={"client_order_ref": MARK})
    (rule,) = admin.call(RULE, "create", vals_list=[rule_values(server)])
    admin.call(RULE, "action_sweep", [rule])
    domain = [["rule_id", "=", rule]]
    found = admin.call(EXCEPTION, "search_read", domain=domain, fields=["branch_id"])
    by_branch = {row["branch_id"][0]: row["id"] for row in found}
    user = server.create_user(f"{ROLE}branch_operator", branch_ids=[(4, branches[0])])
    return {
        "rule": rule,
        "user": user,
        "client": server.json2(user),
        "mine": by_branch[branches[0]],
        "foreign": by_branch[branches[1]],
        "branch": branches[0],
        "admin": admin,
    }


def rule_values(server, **values):
    """A rule that finds the orders of the scene."""
    return {
        "name": MARK,
        "model_id": model_id(server, "sale.order"),
        "domain": f"[('client_order_ref', '=', '{MARK}')]",
        "amount_expression": "100",
        "role_ids": [(4, server.xml_id(f"{ROLE}branch_operator"))],
        **values,
    }


def model_id(server, model):
    """The id of the model's record."""
    domain = [("model", "=", model)]
    return server.xmlrpc(server.admin, "ir.model", "search", domain)[0]


def test_a_client_sees_its_own_branch(scene):
    """By search, count, group and name."""
    client, domain = scene["client"], [["rule_id", "=", scene["rule"]]]
    assert client.call(EXCEPTION, "search", domain=domain) == [scene["mine"]]
    assert client.call(EXCEPTION, "search_count", domain=domain) == 1
    groups = client.call(
        EXCEPTION,
        "formatted_read_group",
        domain=domain,
        groupby=["branch_id"],
        aggregates=["amount:sum"],
    )
    assert [group["amount:sum"] for group in groups] == [100.0]
    names = client.call(EXCEPTION, "name_search", name="", domain=domain)
    assert [name[0] for name in names] == [scene["mine"]]


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("read", {"fields": ["name", "amount"]}),
        ("export_data", {"fields_to_export": ["name"]}),
        ("action_take", {}),
        ("action_resolve", {}),
        ("action_snooze", {"until": "2030-01-01 00:00:00"}),
        ("action_note", {"cause": "none of my business"}),
        ("action_open_record", {}),
    ],
)
def test_a_foreign_exception_is_out_of_reach(scene, method, arguments):
    """Whatever is called on it."""
    with pytest.raises(Json2Error) as refusal:
        scene["client"].call(EXCEPTION, method, [scene["foreign"]], **arguments)
    assert refusal.value.status in (403, 422), refusal.value


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("write", {"vals": {"state": "closed"}}),
        ("write", {"vals": {"amount": 0}}),
        ("unlink", {}),
        ("copy", {}),
    ],
)
@pytest.mark.parametrize("who", ["client", "admin"])
def test_nobody_forges_an_exception(scene, who, method, arguments):
    """Not the administrator either, and not with a key in the context."""
    for context in ({}, {"distribution_evidence_writer": True}):
        with pytest.raises(Json2Error) as refusal:
            scene[who].call(
                EXCEPTION, method, [scene["mine"]], context=context, **arguments
            )
        assert refusal.value.status == 403, refusal.value


@pytest.mark.parametrize(
    "method", ["_recheck", "_detect", "_keep", "_search", "_sweep_windows", "_escalate"]
)
def test_what_is_private_stays_private(server, scene, method):
    """By XML-RPC too."""
    model = RULE if method in ("_detect", "_sweep_windows", "_escalate") else EXCEPTION
    with pytest.raises(xmlrpc.client.Fault):
        server.xmlrpc(scene["user"], model, method, [scene["mine"]])


def test_a_rule_is_not_for_everybody_to_change(scene):
    """Nor to have look."""
    for method, arguments in (
        ("write", {"vals": {"threshold": 99}}),
        ("action_sweep", {}),
        ("unlink", {}),
    ):
        with pytest.raises(Json2Error) as refusal:
            scene["client"].call(RULE, method, [scene["rule"]], **arguments)
        assert refusal.value.status == 403, refusal.value


@pytest.mark.parametrize(
    "values",
    [
        {"domain": "[('partner_id', '=', __import__('os').system('true'))]"},
        {"amount_expression": "env['res.users'].search([])"},
        {"amount_expression": "partner_id.sudo()"},
        {"deadline_expression": "open('/etc/passwd')"},
        {"measure_expression": "().__class__"},
    ],
)
def test_a_rule_runs_no_code(server, scene, values):
    """Filters and formulas that are more than that are refused."""
    with pytest.raises(Json2Error) as refusal:
        scene["admin"].call(RULE, "create", vals_list=[rule_values(server, **values)])
    assert refusal.value.status == 422, refusal.value


def test_a_change_is_looked_at_right_after(server, scene):
    """The exception closes by itself: the job wakes at the commit, nobody sweeps."""
    admin = scene["admin"]
    rule = server.xml_id(
        "distribution_exception_network.distribution_exception_rule_manager"
    )
    admin.call(RULE, "action_sweep", [rule])
    domain = [["rule_id", "=", rule], ["branch_id", "=", scene["branch"]]]
    (row,) = admin.call(EXCEPTION, "search_read", domain=domain, fields=["state"])
    assert row["state"] == "open"
    manager = {"manager_id": scene["user"].id}
    admin.call("distribution.branch", "write", [scene["branch"]], vals=manager)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        row = admin.call(EXCEPTION, "read", [row["id"]], fields=["state"])[0]
        if row["state"] == "closed":
            return
        time.sleep(1)
    raise AssertionError("still open after a minute")
