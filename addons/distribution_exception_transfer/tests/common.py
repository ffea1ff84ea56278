from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from odoo.addons.distribution_transfer.tests.common import TransferCase


class TransferExceptionCase(TransferCase):
    """Transfers of the people of `TransferCase`, and the rules that watch them.

    Verbs: `_look(code)` has the rule look at everything and returns {record: exception}
    of what is open, `_finding(code, record)` is what its query says of a record, `_shift`
    writes dates of the past, which nobody could type.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.Exception = cls.env["distribution.exception"]
        cls.Rule = cls.env["distribution.exception.rule"]
        cls.fiona = cls._new_user("finance_controller", "fiona")

    def _rule(self, code):
        return self.env.ref(
            f"distribution_exception_transfer.distribution_exception_rule_{code}"
        )

    def _look(self, code, records=None):
        """Everything, or `records`, as the job does after a change."""
        rule = self._rule(code)
        if records:
            rule._detect(ids=records.ids)
        else:
            rule.action_sweep()
        self.assertEqual(rule.state, "ok", rule.failure)
        return self._open(code)

    def _open(self, code):
        found = self.Exception.search(
            [("rule_id", "=", self._rule(code).id), ("state", "=", "open")]
        )
        return {self.env[one.res_model].browse(one.res_id): one for one in found}

    def _finding(self, code, record):
        rule = self._rule(code)
        self.env.flush_all()
        query = getattr(rule, rule._detector().query)(SQL("r.id = ANY(%s)", record.ids))
        rows = self.env.execute_query_dict(query)
        self.assertLessEqual(len(rows), 1)
        return rows[0] if rows else None

    def _shift(self, record, **values):
        """Write what only time makes: {field: hours from now}."""
        record.flush_recordset()
        for name, hours in values.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = ANY(%s)",
                    SQL.identifier(record._table),
                    SQL.identifier(name),
                    self._hours(hours),
                    record.ids,
                )
            )
        record.invalidate_recordset()

    def _hours(self, hours):
        return (self.now + timedelta(hours=hours)).replace(microsecond=0)

    def _asked_again(self, model):
        """Ids of the records that were asked to be looked at since `_forget`."""
        self.env.cr.flush()
        waiting = self.env["distribution.exception.recheck"].search(
            [("res_model", "=", model)]
        )
        return set(waiting.mapped("res_id"))

    def _forget(self):
        self.env.cr.flush()
        self.env.cr.execute("DELETE FROM distribution_exception_recheck")

    def _late_to_leave(self, hours=5):
        transfer = self._request()
        self._shift(transfer, departure_date=-hours, arrival_date=20)
        return transfer

    def _on_the_road(self):
        transfer = self._request()
        self._ship(transfer)
        transfer.with_user(self.cora).action_depart()
        return transfer

    def _differs(self):
        """A transfer of which two bolts are missing; the difference."""
        transfer = self._on_the_road()
        self._receive(transfer, {self.bolt: 8})
        return transfer, self._discrepancy(transfer)

    def _emergency(self):
        self.lane_north.emergency_cap = 1000
        return self._request(reason="emergency", reason_note="The press stands still.")
