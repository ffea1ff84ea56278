from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import BranchApprovalCase

MANAGER = {"authority": "branch_manager", "escalation": "regional_manager", "hours": 4}
REGION = {"authority": "regional_manager"}


@tagged("post_install", "-at_install")
class TestBranchApproval(BranchApprovalCase):
    def test_the_manager_of_the_branch_is_asked(self):
        self._policy(MANAGER)
        for user, branch, manager in (
            (self.olga, self.north, self.bea),
            (self.wim, self.west, self.will),
        ):
            order = self._order(user, branch)
            request = self._ask(order)
            self.assertEqual(request.branch_id, branch)
            self.assertEqual(request.user_ids, manager)

    def test_the_named_manager_counts_too(self):
        self.north.manager_id = self.rita
        self._policy(MANAGER)
        request = self._ask(self._order(self.olga, self.north))
        self.assertEqual(request.user_ids, self.bea | self.rita)

    def test_the_region_above_where_the_own_has_no_manager(self):
        self._policy(REGION)
        self.assertEqual(
            self._ask(self._order(self.olga, self.north)).user_ids, self.rita
        )
        self.assertEqual(
            self._ask(self._order(self.wim, self.west)).user_ids, self.nora
        )

    def test_another_branch_cannot_see_or_decide(self):
        self._policy(MANAGER)
        order = self._order(self.olga, self.north)
        request = self._ask(order)
        for user in (self.will, self.wim, self.cora):
            self.assertFalse(request.with_user(user).has_access("read"), user.login)
            with self.assertRaises(AccessError):
                self._decide(order, user)
            for model in ("request", "task", "decision"):
                Model = self.env[f"distribution.approval.{model}"].with_user(user)
                self.assertFalse(Model.search([]), (user.login, model))
        self.assertTrue(request.with_user(self.bea).has_access("read"))
        self.assertTrue(request.with_user(self.carl).has_access("read"))

    def test_the_manager_sees_what_colleagues_asked_for(self):
        self._policy({"authority": "user", "user_id": self.carl.id})
        request = self._ask(self._order(self.olga, self.north))
        self.assertNotIn(self.bea, request.user_ids)
        self.assertTrue(request.with_user(self.bea).has_access("read"))
        self.assertFalse(request.with_user(self.will).has_access("read"))

    def test_a_group_means_those_who_work_in_the_branch(self):
        group = self.env.ref("distribution_base.group_branch_manager")
        self._policy({"authority": "group", "group_id": group.id})
        request = self._ask(self._order(self.olga, self.north))
        self.assertIn(self.bea, request.user_ids)
        self.assertIn(self.rita, request.user_ids)
        self.assertIn(self.boss, request.user_ids)
        self.assertFalse(request.user_ids & (self.will | self.cent))

    def test_moving_people_moves_what_waits(self):
        self._policy(MANAGER)
        request = self._ask(self._order(self.olga, self.north))
        self.will.branch_ids = self.north
        self.assertEqual(request.user_ids, self.bea | self.will)
        self.bea.branch_ids = self.west
        self.assertEqual(request.user_ids, self.will)
        self.north.manager_id = self.carl
        self.assertEqual(request.user_ids, self.will | self.carl)

    def test_a_new_manager_of_the_region_is_asked(self):
        self._policy(REGION)
        request = self._ask(self._order(self.wim, self.west))
        self.region_west.manager_id = self.rita
        self.assertEqual(request.user_ids, self.rita)

    def test_policies_and_rules_of_some_branches(self):
        self._policy(MANAGER, branch_ids=self.north.ids)
        north, west = (
            self._order(self.olga, self.north),
            self._order(self.wim, self.west),
        )
        north.action_confirm()
        west.action_confirm()
        self.assertEqual((north.state, west.state), ("waiting", "done"))

    def test_an_exception_of_a_branch_goes_first(self):
        self._policy(MANAGER)
        self._policy(
            {"authority": "user", "user_id": self.carl.id},
            branch_ids=self.west.ids,
            sequence=1,
        )
        self.assertEqual(
            self._ask(self._order(self.wim, self.west)).user_ids, self.carl
        )
        self.assertEqual(
            self._ask(self._order(self.olga, self.north)).user_ids, self.bea
        )

    def test_rules_of_branches_and_lanes(self):
        self._policy(MANAGER, rule={"lane_ids": [Command.set(self.lane_north.ids)]})
        by_lane = self._order(self.olga, self.north, lane_id=self.lane_north.id)
        other = self._order(self.olga, self.north, lane_id=self.lane_west.id)
        none = self._order(self.olga, self.north)
        (by_lane | other | none).action_confirm()
        self.assertEqual(
            [by_lane.state, other.state, none.state], ["waiting", "done", "done"]
        )

    def test_the_hours_of_the_branch(self):
        morning = self.env["resource.calendar"].create(
            {
                "name": "Mornings",
                "tz": "UTC",
                "attendance_ids": self._every_day(6, 8),
            }
        )
        self.north.calendar_id = morning
        self._policy(MANAGER)
        with freeze_time("2026-11-20 05:00:00"):
            north = self._ask(self._order(self.olga, self.north))
            west = self._ask(self._order(self.wim, self.west))
        self.assertEqual(
            north.deadline, fields.Datetime.to_datetime("2026-11-21 08:00:00")
        )
        self.assertEqual(
            west.deadline, fields.Datetime.to_datetime("2026-11-20 09:00:00")
        )

    def test_escalation_goes_to_the_region(self):
        self._policy(MANAGER)
        with freeze_time("2026-11-20 05:00:00"):
            request = self._ask(self._order(self.olga, self.north))
        with freeze_time("2026-11-20 09:30:00"):
            self.env["distribution.approval.task"]._cron_escalate()
        self.assertEqual(request.user_ids, self.bea | self.rita)

    def test_a_delegation_for_some_branches(self):
        self._policy(REGION)
        self.region_west.manager_id = self.rita
        self.env["distribution.approval.delegation"].with_user(self.rita).create(
            {
                "user_id": self.rita.id,
                "delegate_id": self.carl.id,
                "date_to": fields.Date.today(),
                "branch_ids": self.north.ids,
            }
        )
        self.assertEqual(
            self._ask(self._order(self.olga, self.north)).user_ids,
            self.rita | self.carl,
        )
        self.assertEqual(
            self._ask(self._order(self.wim, self.west)).user_ids, self.rita
        )

    def test_a_branch_without_a_manager_is_named(self):
        self.will.active = False
        with self.assertRefused(r"in \[WES\] West", ValidationError):
            self._policy(MANAGER)
        self._policy(MANAGER, branch_ids=self.north.ids)

    def test_the_manager_who_asks_is_decided_on_by_the_region(self):
        self._policy(MANAGER)
        request = self._ask(self._order(self.bea, self.north))
        self.assertEqual(request.user_ids, self.rita)
        self.assertFalse(request.problem)
        self.assertIn("Manager of the region is asked", request.explanation)

    def test_where_there_is_no_region_the_administrators_are_asked(self):
        self.region_north.manager_id = False
        self.network.manager_id = False
        self._policy(MANAGER, branch_ids=self.north.ids)
        request = self._ask(self._order(self.bea, self.north))
        self.assertIn(self.boss, request.user_ids)
        self.assertNotIn(self.bea, request.user_ids)
        self.assertIn("administrators are asked", request.problem)
