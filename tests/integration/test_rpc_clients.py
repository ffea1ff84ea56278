"""Clients that nobody here wrote log in, read and write.

JSON-RPC through odoorpc, XML-RPC through Python's own client, JSON-2 through HTTP.
"""

import uuid
import xmlrpc.client

import odoorpc
import pytest
import requests
from clients import Json2, Json2Error

ROLE = "distribution_base.group_"
BUYER = f"{ROLE}central_buyer"
PARTNER_MANAGER = "base.group_partner_manager"


@pytest.fixture(scope="module")
def buyer(server):
    """A central buyer who may create contacts."""
    return server.create_user(BUYER, PARTNER_MANAGER)


@pytest.fixture
def name():
    """A name that no other record has."""
    return f"Vendor {uuid.uuid4()}"


def test_json_rpc(server, buyer, name):
    client = odoorpc.ODOO("127.0.0.1", port=server.port, timeout=120)
    client.login(server.database, buyer.login, buyer.password)
    partners = client.env["res.partner"]
    partner = partners.browse(partners.create({"name": name}))
    partner.city = "Utrecht"
    assert partners.search_read([("name", "=", name)], ["city"]) == [
        {"id": partner.id, "city": "Utrecht"}
    ]


def test_json_rpc_refuses_a_wrong_password(server, buyer):
    client = odoorpc.ODOO("127.0.0.1", port=server.port, timeout=120)
    with pytest.raises(odoorpc.error.RPCError):
        client.login(server.database, buyer.login, "wrong")


def test_xml_rpc(server, buyer, name):
    common = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common")
    uid = common.authenticate(server.database, buyer.login, buyer.password, {})
    assert uid == buyer.id
    objects = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object")

    def call(method, *args, **kwargs):
        return objects.execute_kw(
            server.database, uid, buyer.password, "res.partner", method, args, kwargs
        )

    partner = call("create", {"name": name})
    assert call("write", [partner], {"city": "Utrecht"})
    rows = call("search_read", [("name", "=", name)], fields=["city"])
    assert rows == [{"id": partner, "city": "Utrecht"}]


def test_json_2(server, buyer, name):
    client = server.json2(buyer)
    (partner,) = client.call("res.partner", "create", vals_list=[{"name": name}])
    assert client.call("res.partner", "write", [partner], vals={"city": "Utrecht"})
    rows = client.call(
        "res.partner", "search_read", domain=[("name", "=", name)], fields=["city"]
    )
    assert rows == [{"id": partner, "city": "Utrecht"}]


def test_json_2_refuses_a_wrong_key(server):
    client = Json2(server.url, server.database, "0" * 40)
    with pytest.raises(Json2Error) as refusal:
        client.call("res.partner", "search_count", domain=[])
    assert refusal.value.status == 401


def test_a_role_does_not_make_an_administrator(server, buyer):
    client = server.json2(buyer)
    with pytest.raises(Json2Error) as refusal:
        client.call("res.users", "write", [buyer.id], vals={"group_ids": [(5,)]})
    assert refusal.value.status == 403


# --- the suite's own records --------------------------------------------------------


@pytest.fixture(scope="module")
def branch(server):
    """A branch that an administrator of the network opened over JSON-2."""
    client = server.json2(server.create_user(f"{ROLE}administrator"))
    (region,) = client.call(
        "distribution.region", "create", vals_list=[{"name": "North", "code": "RPCN"}]
    )
    values = {"name": "Depot of the clients", "code": "RPC", "region_id": region}
    (branch,) = client.call("distribution.branch", "create", vals_list=[values])
    return branch


def test_json_2_opens_a_branch_with_its_warehouse(server, branch):
    client = server.json2(server.create_user(f"{ROLE}network_planner"))
    (row,) = client.call(
        "distribution.branch", "read", [branch], fields=["code", "warehouse_id"]
    )
    (warehouse,) = client.call(
        "stock.warehouse",
        "read",
        [row["warehouse_id"][0]],
        fields=["code", "branch_id"],
    )
    assert warehouse["code"] == row["code"] == "RPC"
    assert warehouse["branch_id"][0] == branch


def test_json_rpc_reads_a_branch(server, branch):
    auditor = server.create_user(f"{ROLE}auditor")
    client = odoorpc.ODOO("127.0.0.1", port=server.port, timeout=120)
    client.login(server.database, auditor.login, auditor.password)
    assert client.env["distribution.branch"].browse(branch).code == "RPC"


def test_xml_rpc_refuses_a_branch_to_an_operator(server, branch):
    operator = server.create_user(f"{ROLE}branch_operator", branch_ids=[(4, branch)])
    read = server.xmlrpc(operator, "distribution.branch", "read", [branch], ["name"])
    assert read[0]["name"] == "Depot of the clients"
    with pytest.raises(xmlrpc.client.Fault, match="not allowed to modify"):
        server.xmlrpc(
            operator, "distribution.branch", "write", [branch], {"name": "Mine"}
        )


@pytest.mark.parametrize("values", [{"code": "RPC"}, {"code": "too long"}])
def test_json_2_says_what_is_wrong_with_a_branch(server, branch, values):
    client = server.json2(server.create_user(f"{ROLE}administrator"))
    (row,) = client.call("distribution.branch", "read", [branch], fields=["region_id"])
    values = {
        "name": "Second",
        "code": "RP2",
        "region_id": row["region_id"][0],
        **values,
    }
    with pytest.raises(Json2Error) as refusal:
        client.call("distribution.branch", "create", vals_list=[values])
    assert refusal.value.status == 422
    domain = [("name", "=", "Second")]
    assert client.call("stock.warehouse", "search_count", domain=domain) == 0


def test_the_login_page_is_served(server):
    response = requests.get(f"{server.url}/web/login", timeout=120)
    assert response.status_code == 200
    assert "password" in response.text
