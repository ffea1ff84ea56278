from odoo import Command

from odoo.addons.distribution_network.tests.common import NetworkCase

# What an opening itself writes: no part of the branch.
BOOKKEEPING = (
    "distribution.branch.opening",
    "distribution.branch.opening.line",
    "distribution.branch.opening.person",
    "distribution.template.application",
    "distribution.role.log",
    # That a change is looked at again is written down as it is committed.
    "distribution.exception.recheck",
    "ir.cron.trigger",
    "mail.message",
    "mail.followers",
)


class TemplateCase(NetworkCase):
    """Branches opened from templates, in the network of NetworkCase.

    `template` is a depot with a shelf, a rack inside it and a damaged area, a lane from
    the central warehouse, and the jobs Clerk and Chief. `boss` does everything, unless a
    test says who else.

    Verbs: `_prepare` (an opening as a draft), `_preview`, `_open` (through to the branch),
    `_undo`, `_drift`. `_all_counts` counts the records of every model.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.user_root").company_ids += cls.company
        cls.template = cls._new_template("Depot")
        cls.shelf = cls.template.location_ids.filtered(lambda x: x.name == "Shelf")
        cls.lane_line = cls.template.lane_ids
        cls.clerk, cls.chief = cls.template.job_ids

    @classmethod
    def _new_template(cls, name, **values):
        template = cls.env["distribution.template"].create(
            {
                "name": name,
                "branch_type": "depot",
                "location_ids": [
                    Command.create(
                        {
                            "name": "Shelf",
                            "location_role": "picking",
                            "barcode_suffix": "SHELF",
                        }
                    ),
                    Command.create(
                        {
                            "name": "Damaged",
                            "location_role": "damaged",
                            "barcode_suffix": "DMG",
                        }
                    ),
                ],
                "lane_ids": [Command.create({"direction": "in"})],
                "job_ids": [
                    Command.create(
                        {"name": "Clerk", "group_id": cls._role("operator")}
                    ),
                    Command.create({"name": "Chief", "group_id": cls._role("manager")}),
                ],
                **values,
            }
        )
        cls.env["distribution.template.location"].create(
            {
                "template_id": template.id,
                "name": "Rack",
                "parent_id": template.location_ids[0].id,
                "location_role": "reserve",
                "sequence": 1,  # before its parent, to show that order does not matter
            }
        )
        return template

    @classmethod
    def _role(cls, name):
        return cls.env.ref(f"distribution_base.group_branch_{name}").id

    def _prepare(self, code="EAS", user=None, **values):
        """An opening of a branch, as a draft of `user`."""
        values = {
            "template_id": self.template.id,
            "name": f"Depot {code}",
            "code": code,
            "region_id": self.region_north.id,
            "street": "1 Quay",
            "city": "Eastport",
            **values,
        }
        Opening = self.env["distribution.branch.opening"].with_user(user or self.boss)
        return Opening.create(values)

    def _preview(self, opening):
        """The lines of a new preview of `opening`."""
        opening.action_preview()
        return opening.line_ids

    def _open(self, code="EAS", **values):
        """A branch that is opened; returns the opening."""
        opening = self._prepare(code, **values)
        opening.action_preview()
        opening.action_apply()
        return opening

    def _drift(self, branch, user=None):
        """The lines of a new drift report of `branch`."""
        action = branch.with_user(user or self.boss).action_view_drift()
        report = self.env[action["res_model"]].browse(action["res_id"])
        return report.with_user(user or self.boss).line_ids

    def _location(self, branch, name):
        return (
            self.env["stock.location"]
            .with_context(active_test=False)
            .search([("branch_id", "=", branch.id), ("name", "=", name)])
        )

    def _all_counts(self):
        """{model: number of records}, archived ones too, without bookkeeping."""
        self.env.flush_all()
        counts = {}
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or not model._auto:
                continue
            if name not in BOOKKEEPING:
                records = self.env[name].sudo().with_context(active_test=False)
                counts[name] = records.search_count([])
        return counts

    def _difference(self, before, after):
        """{model: how many more records}, where the number changed."""
        return {
            name: after[name] - number
            for name, number in before.items()
            if after[name] != number
        }

    def _expected(self, lines):
        """{model: how many records the lines of a preview say are created}"""
        expected = {}
        for line in lines.filtered(lambda line: line.action == "create"):
            expected.setdefault(line.model, 0)
            expected[line.model] += line.record_count
        return expected
