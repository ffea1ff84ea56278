"""Documents that people make and decide on, each as himself. Needs the suite."""

from .writer import Writer


class PeopleWriter(Writer):
    """Presses the buttons as the person whose business it is."""

    def _as(self, key, model):
        """A model as that person uses it, with mails but without the noise of set-up."""
        user = self.book.user(key)
        return self.env[model].with_user(user).with_context(clean_context=True)

    @property
    def _depots(self):
        return [key for key in self.book.branches if key != "central"]

    def _ask(self, document, action):
        """Press the button; the request that waits."""
        getattr(document, action)()
        request = self._request_of(document)
        if request.state != "pending":
            raise AssertionError(f"{document.display_name} should wait for approval")
        return request

    def _request_of(self, document):
        return self.env["distribution.approval.request"].search(
            [("res_model", "=", document._name), ("res_id", "=", document.id)],
            order="id desc",
            limit=1,
        )

    def _decide(self, request, decision, reason=None, **values):
        """Decide as the first of those who are asked."""
        user = request.user_ids.sorted("id")[:1]
        method = getattr(request.with_user(user), f"action_{decision}")
        method(reason=reason, **values)

    def _next_number(self):
        self._number = getattr(self, "_number", 0) + 1
        return self._number
