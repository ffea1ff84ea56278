import json
from datetime import timedelta

from odoo.tools import mute_logger


class Json2Mixin:
    """JSON-2 as a client of a user calls it, for classes that inherit `HttpCase`.

    `_forged_context` is what the client puts into the context of each call.
    """

    _forged_context = {}

    def _json_2(self, user, model, method, ids=None, context=None, **arguments):
        """The response to a call with an API key of `user`."""
        context = self._forged_context if context is None else context
        with mute_logger("odoo.http", "odoo.sql_db"):
            return self.url_open(
                f"/json/2/{model}/{method}",
                data=json.dumps(
                    {**arguments, "ids": list(ids or ()), "context": context}
                ),
                headers={
                    "Authorization": f"bearer {self._api_key(user)}",
                    "Content-Type": "application/json",
                },
            )

    def _api_key(self, user):
        keys = self.__dict__.setdefault("_api_keys", {})
        if user not in keys:
            tomorrow = self.env.cr.now() + timedelta(days=1)
            model = self.env["res.users.apikeys"].with_user(user)
            keys[user] = model._generate(None, "test", tomorrow)
        return keys[user]
