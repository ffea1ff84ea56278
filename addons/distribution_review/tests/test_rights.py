from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from odoo.addons.distribution_base.tests.rpc import Json2Mixin

from .common import ReviewCase


@tagged("post_install", "-at_install")
class TestRights(ReviewCase):
    """Who is limited to branches sees those; nobody edits figures and agenda."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.in_north = cls._find(cls.north, 100)
        cls.in_west = cls._find(cls.west, 50)
        cls.of_company = cls._find(cls.env["distribution.branch"], 10)
        cls._measure({cls.north: (80, 100), cls.west: (70, 100)})

    def setUp(self):
        super().setUp()
        self.review = self._open()
        self.env.invalidate_all()

    def _seen(self, user, model="distribution.review.item"):
        found = (
            self.env[model].with_user(user).search([("review_id", "=", self.review.id)])
        )
        return found.mapped("branch_id.name"), len(found)

    def test_items_and_figures_by_branch(self):
        names, count = self._seen(self.bea)
        self.assertEqual((set(names), count), ({"North"}, 2))
        names, count = self._seen(self.walt, "distribution.review.figure")
        self.assertEqual((set(names), count), ({"West"}, 1))
        for user in (self.paul, self.fiona, self.aude, self.boss):
            self.assertEqual(self._seen(user)[1], 6)
            self.assertEqual(self._seen(user, "distribution.review.figure")[1], 3)

    def test_the_form_shows_the_own_branches(self):
        (read,) = self.review.with_user(self.bea).web_read(
            {
                "item_ids": {"fields": {"place": {}}},
                "figure_ids": {"fields": {"place": {}}},
            }
        )
        self.assertEqual({one["place"] for one in read["item_ids"]}, {"North"})
        self.assertEqual([one["place"] for one in read["figure_ids"]], ["North"])

    def test_an_operator_sees_where_she_takes_part_and_no_figures(self):
        Review = self.env["distribution.review"].with_user(self.olga)
        self.assertFalse(Review.search([]))
        self.assertEqual(self._seen(self.olga)[1], 0)
        self.review.with_user(self.paul).participant_ids |= self.olga
        self.env.invalidate_all()
        self.assertEqual(Review.search([]), self.review)
        self.assertEqual(
            self._items(self.review, self.olga).exception_id, self.in_north
        )
        with self.assertRaises(AccessError):
            self._seen(self.olga, "distribution.review.figure")

    def test_items_of_rules_for_other_roles_are_hidden_from_branches(self):
        rule = self._rule("Costs", role="finance_controller")
        self.template.section_ids.rule_ids |= rule
        secret = self._find(self.north, 999, rule=rule)
        review = self._open(self._week(1))
        self.env.invalidate_all()
        self.assertFalse(self._item(review, secret, self.bea))
        self.assertTrue(self._item(review, secret, self.fiona))
        Trend = self.env["distribution.review.trend"]
        of_it = [("item_id", "=", self._item(review, secret).id)]
        self.assertFalse(Trend.with_user(self.bea).search(of_it))
        self.assertTrue(Trend.with_user(self.fiona).search(of_it))

    def test_decisions_are_seen_with_their_items(self):
        self._item(self.review, self.in_west).with_user(self.walt).action_accept()
        Decision = self.env["distribution.review.decision"]
        self.assertTrue(Decision.with_user(self.walt).search([]))
        self.assertFalse(Decision.with_user(self.bea).search([]))
        self.assertTrue(Decision.with_user(self.aude).search([]))

    def test_other_branches_cannot_be_reached(self):
        item = self._item(self.review, self.in_west)
        for attempt in (
            lambda: item.with_user(self.bea).read(["name"]),
            lambda: item.with_user(self.bea).action_accept(),
            lambda: item.with_user(self.bea).write({"note": "x"}),
            lambda: self._plan(item, self.bea),
        ):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                attempt()

    def test_defaults_of_a_client_decide_nothing(self):
        """Whoever opens a pack, or agrees on an action, chooses none of what follows."""
        defaults = {
            "default_state": "closed",
            "default_closed_by_id": self.boss.id,
            "default_decision": "none",
            "default_minutes": "All is well.",
        }
        review = self._open(
            self._week(2), template=self.template.with_context(**defaults)
        )
        self.assertNotEqual(review, self.review)
        self.assertEqual((review.state, review.minutes), ("open", False))
        self.assertFalse(review.closed_by_id)
        self.assertEqual(set(review.item_ids.mapped("decision")), {False})
        Action = self.env["distribution.review.action"].with_user(self.paul)
        action = Action.with_context(
            default_state="done",
            default_done_on="2020-01-01",
            default_opened_on="2020-01-01",
            default_done_by_id=self.boss.id,
            default_done_note="Never done",
        ).create({"name": "Count", "review_id": review.id})
        self.assertEqual(action.state, "open")
        self.assertNotEqual(str(action.opened_on), "2020-01-01")
        self.assertFalse(action.done_on or action.done_by_id or action.done_note)

    def test_nobody_edits_the_pack(self):
        figure = self.review.figure_ids[:1]
        item = self.review.item_ids[:1]
        for user in (self.paul, self.fiona, self.boss, self.bea, self.aude):
            for attempt in (
                lambda user=user: figure.with_user(user).write({"value": 100}),
                lambda user=user: figure.with_user(user).unlink(),
                lambda user=user: item.with_user(user).write({"amount": 0}),
                lambda user=user: item.with_user(user).write(
                    {"decision": "accepted", "decided_by_id": self.boss.id}
                ),
                lambda user=user: item.with_user(user).unlink(),
                lambda user=user: self.review.with_user(user).write(
                    {"state": "closed"}
                ),
                lambda user=user: self.review.with_user(user).unlink(),
                lambda user=user: self.env["distribution.review"]
                .with_user(user)
                .create({"name": "x", "template_id": self.template.id}),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        with self.assertRaises(AccessError):
            figure.sudo().write({"value": 100})

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        zoe = self._new_user(
            "network_planner", "zoe", company_id=other.id, company_ids=other.ids
        )
        for model in ("distribution.review", "distribution.review.item"):
            self.assertFalse(self.env[model].with_user(zoe).search([]))
        with self.assertRaises(AccessError):
            self.review.with_user(zoe).read(["name"])

    def test_searching_by_what_is_hidden(self):
        Review = self.env["distribution.review"].with_user(self.bea)
        self.assertFalse(Review.search([("item_ids.amount", "=", 50)]))
        self.assertTrue(Review.search([("item_ids.amount", "=", 100)]))


@tagged("post_install", "-at_install")
class TestOverRpc(Json2Mixin, ReviewCase, HttpCase):
    """What a client sends changes nothing that its user may not change."""

    _forged_context = {
        "distribution_evidence_writer": True,
        "su": True,
        "tracking_disable": True,
    }

    def setUp(self):
        super().setUp()
        self._measure({self.north: (80, 100)})
        self.review = self._open()
        self.env.flush_all()

    def test_figures_and_items(self):
        figure = self.review.figure_ids.filtered("branch_id")
        item = self.review.item_ids.filtered("branch_id")
        for user in (self.boss, self.paul):
            for model, method, ids, arguments in (
                (figure, "write", figure.ids, {"vals": {"value": 100}}),
                (figure, "unlink", figure.ids, {}),
                (figure, "create", [], {"vals_list": [{"value": 1}]}),
                (item, "write", item.ids, {"vals": {"amount": 1}}),
                (item, "_keep_decision", item.ids, {"vals": {"decision": "none"}}),
                (self.review, "_open_pack", [], {}),
                (self.review, "write", self.review.ids, {"vals": {"state": "closed"}}),
            ):
                answer = self._json_2(user, model._name, method, ids, **arguments)
                self.assertGreaterEqual(answer.status_code, 400, (model, method))
        figure.invalidate_recordset()
        self.assertEqual(figure.value, 80)

    def test_a_decision_over_rpc_is_a_decision(self):
        item = self.review.item_ids.filtered("branch_id")
        answer = self._json_2(self.bea, item._name, "action_watch", item.ids)
        self.assertEqual(answer.status_code, 200, answer.text)
        item.invalidate_recordset()
        self.assertEqual((item.decision, item.decided_by_id), ("watch", self.bea))
        answer = self._json_2(self.walt, item._name, "action_accept", item.ids)
        self.assertEqual(answer.status_code, 403)
