from odoo.tests import HttpCase, tagged

from odoo.addons.distribution_base.tests.rpc import Json2Mixin

from .common import TransferCase

# What a client may put into its context, hoping that somebody trusts it.
FORGED = {
    "distribution_transfer_owner": True,
    "distribution_transfer_settling": True,
    "distribution_transfer_doing": True,
    "distribution_approval_cleared": True,
    "skip_backorder": True,
    "su": True,
    "branch_restricted": False,
    "active_test": False,
}


@tagged("post_install", "-at_install")
class TestTransferOverRpc(Json2Mixin, TransferCase, HttpCase):
    _forged_context = FORGED

    def setUp(self):
        super().setUp()
        self.transfer = self._request()
        self._ship(self.transfer)
        self._receive(self.transfer, {self.bolt: 8})
        self.short = self._discrepancy(self.transfer)
        self.env.flush_all()

    def _state_of_the_world(self):
        self.env.invalidate_all()
        transfer = self.transfer.sudo()
        return (
            transfer.read(),
            transfer.line_ids.read(),
            transfer.discrepancy_ids.read(),
            transfer.line_ids.move_ids.read(["state", "quantity", "product_uom_qty"]),
        )

    def test_a_foreign_branch_is_kept_out(self):
        before = self._state_of_the_world()
        for records in (self.transfer, self.transfer.line_ids, self.short):
            model, ids = records._name, records.ids
            found = self._json_2(self.wim, model, "search", domain=[("id", "in", ids)])
            self.assertEqual(found.json(), [], model)
            grouped = self._json_2(
                self.wim,
                model,
                "formatted_read_group",
                domain=[("id", "in", ids)],
                groupby=["lane_id"],
                aggregates=["__count"],
            )
            self.assertEqual(grouped.json(), [], model)
            named = self._json_2(
                self.wim, model, "name_search", name="", domain=[["id", "in", ids]]
            )
            self.assertEqual(named.json(), [], model)
            for method, arguments in (
                ("read", {"fields": ["display_name"]}),
                ("write", {"vals": {"note": "mine"}}),
                ("unlink", {}),
                ("export_data", {"fields_to_export": ["display_name"]}),
                ("copy", {}),
                ("message_post", {"body": "Hello"}),
            ):
                if method == "message_post" and "message_ids" not in records._fields:
                    continue
                response = self._json_2(self.wim, model, method, ids, **arguments)
                self.assertIn(
                    response.status_code,
                    (403, 422),
                    (model, method, response.text[:200]),
                )
                self.assertNotEqual(response.status_code, 200, (model, method))
        self.assertEqual(self._state_of_the_world(), before)

    def test_no_button_is_for_a_foreign_branch(self):
        """Every public action, whatever it is called and will be called."""
        before = self._state_of_the_world()
        arguments = {
            "action_settle": {"resolution": "write_off"},
            "action_unload": {"entries": []},
            "action_review_object": {"note": "No."},
        }
        picking = self._picking(self.transfer, "receive")
        for records in (self.transfer, self.short, picking):
            names = [
                name
                for name in dir(type(records))
                if name.startswith("action_")
                and not name.startswith(("action_view_", "action_print_"))
                and "transfer" in getattr(type(records), name).__module__
            ]
            self.assertTrue(names)
            for name in names:
                response = self._json_2(
                    self.wim,
                    records._name,
                    name,
                    records.ids,
                    **arguments.get(name, {}),
                )
                self.assertNotEqual(
                    response.status_code,
                    200,
                    (records._name, name, response.text[:200]),
                )
        self.assertEqual(self._state_of_the_world(), before)

    def test_each_end_does_its_own(self):
        draft = self._transfer()
        for user, records, method, arguments in (
            (self.cora, draft, "action_request", {}),
            (self.olga, self.short, "action_settle", {"resolution": "found"}),
            (
                self.cora,
                self._picking(self.transfer, "receive"),
                "button_validate",
                {},
            ),
            (
                self.cora,
                self._picking(self.transfer, "receive"),
                "action_unload",
                {"entries": []},
            ),
        ):
            response = self._json_2(
                user, records._name, method, records.ids, **arguments
            )
            self.assertIn(
                response.status_code, (403, 422), (method, response.text[:300])
            )
        self.assertEqual(draft.state, "draft")
        self.assertEqual(self.short.state, "open")

    def test_an_auditor_reads_and_changes_nothing(self):
        anna = self._new_user("auditor", "anna")
        before = self._state_of_the_world()
        read = self._json_2(
            anna, "distribution.transfer", "read", self.transfer.ids, fields=["state"]
        )
        self.assertEqual(read.json()[0]["state"], "received")
        for records, method, arguments in (
            (self.transfer, "write", {"vals": {"note": "seen"}}),
            (self.transfer, "action_close", {}),
            (self.transfer, "action_return_to_sender", {}),
            (self.short, "action_settle", {"resolution": "write_off"}),
            (self.short, "write", {"vals": {"fault": "carrier"}}),
        ):
            response = self._json_2(
                anna, records._name, method, records.ids, **arguments
            )
            self.assertEqual(response.status_code, 403, (method, response.text[:300]))
        self.assertEqual(self._state_of_the_world(), before)

    def _typed(self):
        """What people could try to type, instead of doing it."""
        line, receipt = (
            self._line(self.transfer),
            self._picking(self.transfer, "receive"),
        )
        moves = self.transfer.sudo().line_ids.move_ids
        other = self._transfer()
        return (
            (self.transfer, {"state": "closed"}),
            (self.transfer, {"state": "draft"}),
            (self.transfer, {"line_ids": [[2, line.id]]}),
            (self.transfer, {"lane_id": self.lane_west.id}),
            (self.transfer, {"reason": "emergency"}),
            (self.transfer, {"ship_status": "full"}),
            (self.transfer, {"source_branch_id": self.west.id}),
            (self.transfer, {"destination_branch_id": self.west.id}),
            (self.transfer, {"board_stage": "on_road"}),
            (line, {"state": "draft"}),
            (line, {"source_branch_id": self.west.id}),
            (line, {"received_qty": 10}),
            (line, {"requested_qty": 99}),
            (line, {"transfer_id": other.id}),
            (self.short, {"state": "resolved"}),
            (self.short, {"fault_branch_id": self.west.id}),
            (self.short, {"quantity": 1}),
            (self.short, {"value": 0}),
            (self.short, {"resolution": "write_off"}),
            (receipt, {"transfer_id": False}),
            (receipt, {"transfer_unloaded": False}),
            (moves, {"transfer_line_id": other.line_ids[0].id}),
            (moves, {"discrepancy_id": self.short.id}),
            (moves, {"transfer_leg": "store"}),
        )

    def test_nobody_writes_what_follows(self):
        typed, before = self._typed(), self._state_of_the_world()
        for user in (self.olga, self.cora, self.boss):
            for records, vals in typed:
                response = self._json_2(
                    user, records._name, "write", records.ids, vals=vals
                )
                self.assertIn(
                    response.status_code,
                    (403, 422),
                    (user.login, vals, response.text[:200]),
                )
        self.assertEqual(self._state_of_the_world()[0], before[0])

    def test_a_line_does_not_approve_itself(self):
        """A draft is open, but what its lines take from it is not."""
        self._govern(1)
        draft = self._transfer()
        for vals in ({"state": "approved"}, {"approved_qty": 10}, {"value": 0.01}):
            response = self._json_2(
                self.olga, draft.line_ids._name, "write", draft.line_ids.ids, vals=vals
            )
            self.assertEqual(response.status_code, 422, (vals, response.text[:200]))
        response = self._json_2(
            self.olga,
            draft._name,
            "write",
            draft.ids,
            vals={"source_branch_id": self.north.id},
        )
        self.assertEqual(response.status_code, 422)

    def test_nobody_makes_a_discrepancy(self):
        line = self._line(self.transfer)
        created = self._json_2(
            self.boss,
            "distribution.transfer.discrepancy",
            "create",
            vals_list=[{"transfer_line_id": line.id, "kind": "short", "quantity": 1}],
        )
        self.assertIn(created.status_code, (403, 422))

    def test_private_is_private(self):
        for records, method in (
            (self.transfer, "_approve"),
            (self.transfer, "_sync_state"),
            (self.transfer, "_create_operations"),
            (self.short, "_carry_out"),
            (self.short, "_finish"),
            (self.short, "_settle_arrived"),
        ):
            response = self._json_2(self.boss, records._name, method, records.ids)
            self.assertEqual(response.status_code, 403, method)

    def test_a_cleared_approval_is_not_claimed(self):
        self._govern(1)
        transfer = self._transfer()
        response = self._json_2(
            self.olga, "distribution.transfer", "action_request", transfer.ids
        )
        self.assertEqual(response.status_code, 200, response.text[:300])
        self.env.invalidate_all()
        self.assertEqual(transfer.state, "requested")
        self.assertFalse(transfer.picking_ids)

    def test_a_second_reply_changes_nothing(self):
        """An integration that repeats its call after a lost reply."""
        transfer = self._transfer()
        ids = transfer.ids
        first = self._json_2(self.olga, transfer._name, "action_request", ids)
        again = self._json_2(self.olga, transfer._name, "action_request", ids)
        self.assertEqual((first.status_code, again.status_code), (200, 422))
        self.env.invalidate_all()
        self.assertEqual(len(transfer.sudo().picking_ids), 2)
