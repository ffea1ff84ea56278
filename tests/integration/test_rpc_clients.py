"""Clients that nobody here wrote log in, read and write.

JSON-RPC through odoorpc, XML-RPC through Python's own client, JSON-2 through HTTP.
"""

import uuid
import xmlrpc.client

import odoorpc
import pytest
import requests
from clients import Json2, Json2Error

BUYER = "distribution_base.group_central_buyer"
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


def test_the_login_page_is_served(server):
    response = requests.get(f"{server.url}/web/login", timeout=120)
    assert response.status_code == 200
    assert "password" in response.text
