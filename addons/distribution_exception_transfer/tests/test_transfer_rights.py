from odoo.exceptions import AccessError
from odoo.service.model import call_kw

from .common import TransferExceptionCase


class TestTransferRights(TransferExceptionCase):
    """Both ends see what concerns their transfer; nobody else does, by any way."""

    def _call(self, user, model, method, *args, **kwargs):
        """As a client calls it."""
        return call_kw(self.env[model].with_user(user), method, args, kwargs)

    def _seen(self, user, record):
        domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        ids = self._call(user, "distribution.exception", "search", domain)
        return len(ids)

    def test_a_foreign_branch_sees_nothing(self):
        transfer = self._late_to_leave()
        one = self._look("transfer_leave")[transfer]
        self.assertEqual(self._seen(self.paul, transfer), 1)
        self.assertEqual(self._seen(self.wim, transfer), 0)
        for method, *args in (
            ("read", ["amount"]),
            ("action_resolve",),
            ("action_take",),
            ("action_open_record",),
        ):
            with self.assertRaises(AccessError):
                self._call(self.wim, one._name, method, one.ids, *args)

    def test_a_foreign_branch_confirms_no_date(self):
        transfer = self._late_to_leave()
        values = {
            "transfer_id": transfer.id,
            "departure_date": "2099-01-01 10:00:00",
            "arrival_date": "2099-01-02 10:00:00",
            "reason": "Mischief",
        }
        with self.assertRaises(AccessError):
            dialog = self._call(
                self.wim, "distribution.transfer.delay", "create", [values]
            )
            self._call(
                self.wim, "distribution.transfer.delay", "action_confirm", dialog
            )

    def test_a_foreign_branch_reads_no_date(self):
        transfer = self._late_to_leave()
        dialog = self.env["distribution.transfer.delay"].with_user(self.wim)
        with self.assertRaises(AccessError):
            dialog.create({"transfer_id": transfer.id, "reason": "x"}).read(
                ["left_date"]
            )

    def test_a_wrong_transit_location_is_for_controllers(self):
        self.env["stock.quant"]._update_available_quantity(
            self.bolt, self.lane_north.transit_location_id, 3
        )
        self._look("transfer_balance")
        self.assertEqual(self._seen(self.fiona, self.lane_north), 1)
        self.assertEqual(self._seen(self.olga, self.lane_north), 0)

    def test_another_company_sees_nothing(self):
        transfer = self._late_to_leave()
        self._look("transfer_leave")
        other = self.env["res.company"].create({"name": "Another"})
        foreign = self._new_user(
            "administrator", "ida", company_id=other.id, company_ids=other.ids
        )
        self.assertEqual(self._seen(foreign, transfer), 0)
