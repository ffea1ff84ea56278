from datetime import timedelta

from odoo.exceptions import AccessError, UserError

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded

from .common import ExceptionCase


class TestRights(ExceptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule()
        cls.found = cls._sweep(cls.rule)
        cls.one = cls.found[cls.partners[0]]

    def _seen_by(self, user, rule=None):
        exceptions = self.env["distribution.exception"].with_user(user)
        return exceptions.search([("rule_id", "=", (rule or self.rule).id)])

    def test_the_roles_of_the_rule_see_it(self):
        self.assertEqual(len(self._seen_by(self.olga)), 5)
        self.assertFalse(self._seen_by(self.fiona))
        self.assertEqual(len(self._seen_by(self.aude)), 5)
        self.assertEqual(len(self._seen_by(self.ada)), 5)
        with self.assertRaises(AccessError):
            self.one.with_user(self.fiona).read(["name"])

    def test_an_owner_sees_it_without_the_role(self):
        guarded(self.one).write({"user_id": self.fiona.id})
        self.assertEqual(self._seen_by(self.fiona), self.one)

    def test_who_may_not_read_the_record_does_not_see_it(self):
        """A record rule on the record hides the exception, by every path."""
        self.env["ir.rule"].create(
            {
                "name": "Not customer 1",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('name', '!=', 'Customer 1')]",
            }
        )
        self.assertNotIn(self.one, self._seen_by(self.olga))
        self.assertEqual(len(self._seen_by(self.olga)), 4)
        mine = self.env["distribution.exception"].with_user(self.olga)
        self.olga.group_ids += self.env.ref("base.group_allow_export")
        domain = [("rule_id", "=", self.rule.id)]
        self.assertEqual(mine.search_count(domain), 4)
        self.assertEqual(
            mine._read_group(domain, [], ["amount:sum"]), [(200 + 300 + 400 + 500.0,)]
        )
        self.assertFalse(mine.name_search("Customer 1"))
        one = self.one.with_user(self.olga)
        for call in (
            lambda: one.read(["name", "amount"]),
            lambda: one.export_data(["name"]),
            one.action_take,
            one.action_resolve,
            lambda: one.action_note("x"),
            lambda: self.one.event_ids.with_user(self.olga).read(["kind"]),
        ):
            with self.assertRaises(AccessError):
                call()
        events = self.env["distribution.exception.event"].with_user(self.olga)
        self.assertEqual(len(events.search([("exception_id", "in", self._ids())])), 4)

    def _ids(self):
        return [one.id for one in self.found.values()]

    def test_who_may_not_read_the_kind_of_record_sees_none(self):
        rule = self._rule("[('id', '=', 1)]", model="ir.cron", amount_expression="1")
        rule.role_ids += self.operators
        rule.action_sweep()
        self.assertEqual(len(self._seen_by(self.env.ref("base.user_root"), rule)), 1)
        self.assertFalse(self._seen_by(self.olga, rule))

    def test_nobody_writes_exceptions_or_events(self):
        for user in (self.olga, self.ada, self.aude):
            one = self.one.with_user(user)
            event = one.event_ids[0]
            for call in (
                lambda one=one: one.write({"state": "closed"}),
                lambda one=one: one.copy(),
                lambda one=one: one.unlink(),
                lambda one=one: one.create({"rule_id": self.rule.id}),
                lambda event=event: event.write({"note": "never"}),
                lambda event=event: event.unlink(),
                lambda one=one: one.with_context(
                    distribution_evidence_writer=True
                ).write({"user_id": False}),
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    call()

    def test_only_the_administrator_changes_rules(self):
        self.rule.with_user(self.ada).threshold = 0.5
        for user in (self.olga, self.fiona, self.aude):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.rule.with_user(user).write({"threshold": 9})
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.rule.with_user(user).action_sweep()

    def test_an_auditor_looks_on(self):
        with self.assertRaisesRegex(UserError, "reads exceptions"):
            self.one.with_user(self.aude).action_take()

    def test_an_auditor_with_another_role_looks_on_too(self):
        self.aude.group_ids += self.operators
        one = self.one.with_user(self.aude)
        for call in (
            one.action_take,
            one.action_release,
            one.action_wake,
            one.action_resolve,
            lambda: one.action_note("x"),
            lambda: one.action_snooze(self.now + timedelta(hours=3)),
            lambda: one.action_assign_to(self.olga.id),
        ):
            with self.assertRaisesRegex(AccessError, "reads exceptions"):
                call()
        self.assertEqual(self.one.event_ids.mapped("kind"), ["opened"])

    def test_acts_are_kept_with_who_and_how_long(self):
        guarded(self.one).write({"opened_at": self.now - timedelta(hours=3)})
        one = self.one.with_user(self.olga)
        one.action_take()
        one.action_note(cause="Truck broke down", done="Sent another")
        one.action_snooze(self.now + timedelta(hours=3), "tomorrow")
        one.action_wake()
        action = one.action_resolve()
        self.assertEqual(action["res_model"], "res.partner")
        acts = one.event_ids.filtered(lambda event: event.kind == "action")
        self.assertEqual(acts.user_id, self.olga)
        self.assertAlmostEqual(acts.hours, 3, delta=0.1)
        self.assertEqual(one.cause, "Truck broke down")
        self.assertEqual(
            set(one.event_ids.mapped("kind")),
            {"opened", "taken", "note", "snoozed", "released", "action"},
        )

    def test_snoozed_ones_leave_the_list_and_come_back(self):
        one = self.one.with_user(self.olga)
        one.action_snooze(self.now + timedelta(hours=3), "later")
        awake = one.search([("rule_id", "=", self.rule.id), ("is_snoozed", "=", False)])
        self.assertEqual(len(awake), 4)
        self.env.cr.execute(
            "UPDATE distribution_exception SET snoozed_until = %s WHERE id = %s",
            (self.now - timedelta(minutes=1), one.id),
        )
        one.invalidate_recordset()
        self.assertFalse(one.is_snoozed)

    def test_snoozing_into_the_past_or_for_ever_is_refused(self):
        one = self.one.with_user(self.olga)
        for days in (-1, 91):
            with self.subTest(days), self.assertRaisesRegex(UserError, "90 days"):
                one.action_snooze(self.now + timedelta(days=days))
        self.assertFalse(one.snoozed_until)

    def test_it_is_handed_only_to_who_sees_it(self):
        one = self.one.with_user(self.olga)
        with self.assertRaisesRegex(UserError, "does not see"):
            one.action_assign_to(self.fiona.id)
        one.action_assign_to(self.ada.id)
        self.assertEqual(one.user_id, self.ada)

    def test_it_is_handed_over_in_the_companies_of_who_gets_it(self):
        other = self.env["res.company"].create({"name": "Another"})
        self.ada.company_ids += other
        one = self.one.with_user(self.ada).with_context(
            allowed_company_ids=self.ada.company_ids.ids
        )
        one.action_assign_to(self.olga.id)
        self.assertEqual(self.one.user_id, self.olga)

    def test_what_a_client_sends_is_refused_in_words(self):
        one = self.one.with_user(self.olga)
        for nobody in ("abc", None, [1, 2], {"a": 1}, -1, 10**30, True):
            with self.subTest(nobody), self.assertRaisesRegex(UserError, "Nobody"):
                one.action_assign_to(nobody)
        for never in ("abc", None, [1], {"a": 1}, 10**30, True, "2026-13-45"):
            with self.subTest(never), self.assertRaisesRegex(UserError, "90 days"):
                one.action_snooze(never)
        one.action_note(cause=["x"])
        self.assertEqual(one.cause, "['x']")

    def test_a_rule_with_history_is_archived_not_deleted(self):
        with self.assertRaisesRegex(UserError, "Archive"):
            self.rule.with_user(self.ada).unlink()
