from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import Form, new_test_user

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded
from odoo.addons.distribution_network.tests.common import NetworkCase

MONDAY = datetime(2026, 3, 9, 9, 0)  # the cut-off was at 07:00 that day
SUNDAY = date(2026, 3, 8)


class ReviewCase(NetworkCase):
    """A weekly review of the network, whose last cut-off was Monday, 9 March 2026.

    `template` has a section with one KPI (fill rate, target 95) and one rule over
    customers. `bea` manages the north depot and `walt` the west one; both take part with
    `paul`, who plans the network. `olga` operates the north depot, `rex` manages a branch
    and takes no part, `aude` audits, `fiona` controls. All figures and exceptions are of
    the tests: `_measure(branch, numerator, denominator, day)`, `_find(branch, amount)`.

    Verbs: `_open(when)`, `_job(when)`, `_items(review, user)`, `_item(review, exception)`,
    `_plan(item, user)` (an action, in the dialog), `_finish(action, user)`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "UTC"
        cls._set_up_people()
        cls.kpi = cls.env["distribution.kpi"].search([("code", "=", "line_fill_rate")])
        cls.env["distribution.kpi.target"].search([]).unlink()
        cls.target = cls.env["distribution.kpi.target"].create(
            {"kpi_id": cls.kpi.id, "value": 95.0, "date_from": "2026-01-01"}
        )
        cls.rule = cls._rule("Address is wrong")
        templates = cls.env["distribution.review.template"]
        templates.search([]).active = False
        cls.template = templates.create(
            {
                "name": "Monday review",
                "weekday": "0",
                "cut_off_hour": 7.0,
                "role_ids": [
                    (4, cls.env.ref("distribution_base.group_branch_manager").id)
                ],
                "participant_ids": [(4, cls.paul.id)],
                "section_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Service",
                            "kpi_ids": [(6, 0, cls.kpi.ids)],
                            "rule_ids": [(6, 0, cls.rule.ids)],
                            "item_limit": 3,
                        },
                    )
                ],
            }
        )
        cls.template.starts_at = "2026-01-01"

    @classmethod
    def _set_up_people(cls):
        cls.walt = cls._new_user("branch_manager", "walt", branch_ids=cls.west.ids)
        cls.north.manager_id, cls.west.manager_id = cls.bea, cls.walt
        cls.aude = cls._new_user("auditor", "aude")
        cls.fiona = cls._new_user("finance_controller", "fiona")
        cls.rex = new_test_user(
            cls.env,
            login="rex",
            groups="distribution_base.group_regional_manager",
            branch_ids=cls.west.ids,
        )

    @classmethod
    def _rule(cls, name, role="branch_operator", **values):
        return cls.env["distribution.exception.rule"].create(
            {
                "name": name,
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "domain": "[('id', '=', 0)]",
                "role_ids": [(4, cls.env.ref(f"distribution_base.group_{role}").id)],
                **values,
            }
        )

    @classmethod
    def _find(cls, branch, amount, rule=None, name="Fjord Machines", **values):
        """An open exception of a customer in a branch."""
        partner = cls.env["res.partner"].create({"name": name})
        vals = {
            "rule_id": (rule or cls.rule).id,
            "res_model": "res.partner",
            "res_id": partner.id,
            "name": name,
            "company_id": cls.company.id,
            "branch_id": branch.id,
            "amount": amount,
            "stake": amount,
            "opened_at": MONDAY,
            **values,
        }
        exception = guarded(cls.env["distribution.exception"]).create(vals)
        return cls.env["distribution.exception"].browse(exception.id)

    @classmethod
    def _settle(cls, exception):
        guarded(exception).write({"state": "closed", "closed_at": MONDAY})

    @classmethod
    def _measure(cls, figures, day=SUNDAY, kpi=None):
        """Measure a day: {branch: (numerator, denominator)}."""
        kpi = kpi or cls.kpi
        shared = {
            "kpi_id": kpi.id,
            "version_id": kpi.version_id.id,
            "company_id": cls.company.id,
            "day": day,
        }
        run = guarded(cls.env["distribution.kpi.run"]).create(shared)
        cls.env["distribution.kpi.snapshot"]._record_evidence(
            [
                {
                    **shared,
                    "run_id": run.id,
                    "branch_id": branch.id,
                    "dimension": "branch",
                    "scale": 100,
                    "numerator": numerator,
                    "denominator": denominator,
                }
                for branch, (numerator, denominator) in figures.items()
            ]
        )

    def _open(self, when=MONDAY, user=None, template=None):
        """The pack of the last cut-off before `when`, opened with the button."""
        with self._now(when):
            template = (template or self.template).with_user(user or self.paul)
            action = template.action_open_current()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _job(self, when=MONDAY):
        """Run the job; the reviews there are then."""
        Cron = type(self.env["ir.cron"])
        with (
            self._now(when),
            patch.object(Cron, "_commit_progress", lambda *a, **k: 60),
        ):
            self.env["distribution.review.template"]._cron_open()
        return self.env["distribution.review"].search(
            [("template_id", "=", self.template.id)]
        )

    def _now(self, when):
        return patch.object(fields.Datetime, "now", lambda: when)

    def _items(self, review, user=None):
        Item = self.env["distribution.review.item"].with_user(user or self.env.user)
        return Item.search([("review_id", "=", review.id)])

    def _item(self, review, exception, user=None):
        return self._items(review, user).filtered(
            lambda item: item.sudo().exception_id == exception
        )

    def _plan(self, item, user, **values):
        """Agree on an action, in the dialog that the item opens."""
        opened = item.with_user(user).action_plan()
        Action = self.env["distribution.review.action"].with_user(user)
        form = Form(Action.with_context(**opened["context"]), view=opened["view_id"][0])
        for name, value in values.items():
            form[name] = value
        return form.save()

    def _finish(self, action, user, note="Done as agreed", drop=False):
        """Say what came of an action, in its dialog."""
        action = action.with_user(user)
        opened = action.action_drop() if drop else action.action_done()
        Outcome = self.env["distribution.review.outcome"].with_user(user)
        form = Form(Outcome.with_context(**opened["context"]))
        form.note = note
        form.save().action_confirm()

    def _decide_all(self, review, user=None):
        self._items(review, user).with_user(user or self.paul).action_accept()

    def _week(self, number):
        """The moment after the cut-off of a later week."""
        return MONDAY + timedelta(days=7 * number)
