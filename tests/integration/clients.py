"""What the tests know of a server process: an address, and plain HTTP.

Nothing here imports Odoo: a test sees what an integration sees.
"""

import itertools
import xmlrpc.client
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

TIMEOUT = 120


class Json2Error(Exception):
    """An answer of JSON-2 that is not a success."""

    def __init__(self, response):
        self.status = response.status_code
        super().__init__(f"{self.status}: {response.text[:2000]}")


@dataclass
class Json2:
    """JSON-2 with an API key: every call is one POST."""

    url: str
    database: str
    key: str

    def call(self, model, method, ids=None, **arguments):
        """Call `method` on the records `ids`, arguments by name."""
        if ids is not None:
            arguments["ids"] = ids
        response = requests.post(
            f"{self.url}/json/2/{model}/{method}",
            json=arguments,
            headers={
                "Authorization": f"bearer {self.key}",
                "X-Odoo-Database": self.database,
            },
            timeout=TIMEOUT,
        )
        if response.status_code != 200:
            raise Json2Error(response)
        return response.json()


@dataclass
class User:
    """Somebody who can log in."""

    id: int
    login: str
    password: str


class Server:
    """A running server with one database."""

    def __init__(self, url, database):
        self.url = url
        self.database = database
        self.port = urlsplit(url).port
        self.admin = User(2, "admin", "admin")
        self._numbers = itertools.count(1)

    def xmlrpc(self, user, model, method, *args, **kwargs):
        """Call `method` by XML-RPC as `user`."""
        objects = xmlrpc.client.ServerProxy(f"{self.url}/xmlrpc/2/object")
        return objects.execute_kw(
            self.database, user.id, user.password, model, method, args, kwargs
        )

    def create_user(self, *groups, **values):
        """Create an internal user with the groups of these XML ids."""
        login = f"user{next(self._numbers)}@test.example"
        groups = ["base.group_user", *groups]
        values = {
            "name": login,
            "login": login,
            "password": f"secret of {login}",
            "group_ids": [(6, 0, [self.xml_id(group) for group in groups])],
            **values,
        }
        (user_id,) = self.xmlrpc(self.admin, "res.users", "create", [values])
        return User(user_id, values["login"], values["password"])

    def xml_id(self, name):
        """The id of the record with this XML id."""
        module, _, name = name.partition(".")
        domain = [("module", "=", module), ("name", "=", name)]
        (row,) = self.xmlrpc(
            self.admin, "ir.model.data", "search_read", domain, ["res_id"]
        )
        return row["res_id"]

    def json2(self, user):
        """A JSON-2 client with a new API key of `user`."""
        return Json2(self.url, self.database, self.create_key(user))

    def create_key(self, user):
        """A key that lasts a day, made as the user does in the web client."""
        session = requests.Session()
        credentials = {"login": user.login, "password": user.password}
        self._post(
            session, "/web/session/authenticate", db=self.database, **credentials
        )

        def call(model, method, *args, **context):
            kwargs = {"context": context}
            return self._post(
                session,
                f"/web/dataset/call_kw/{model}/{method}",
                model=model,
                method=method,
                args=args,
                kwargs=kwargs,
            )

        values = {"name": "test", "duration": "1"}
        (wizard,) = call("res.users.apikeys.description", "create", [values])
        check = call("res.users.apikeys.description", "make_key", [wizard])
        # The first answer asks for the password; the check then makes the key.
        shown = call(
            check["res_model"], "run_check", [check["res_id"]], password=user.password
        )
        return shown["context"]["default_key"]

    def _post(self, session, path, **params):
        body = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}
        answer = session.post(f"{self.url}{path}", json=body, timeout=TIMEOUT).json()
        assert "error" not in answer, answer["error"]
        return answer["result"]
