from odoo.addons.distribution_base.tests.common import DistributionCase

from .fake_duty_document import FakeDutyDocument, FakeDutyNote


class DutyCase(DistributionCase):
    """Documents of two kinds, and people who do duties on them.

    Verbs: `_keep_apart("receive", "bill")` activates a pair, `_do(olga, "receive", document)`
    performs a duty, `_rows(document)` tells what is recorded of it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_model(FakeDutyDocument)
        cls._add_model(FakeDutyNote)
        for model in (FakeDutyDocument, FakeDutyNote):
            cls._let_everybody_use(model._name)
        cls.Conflict = cls.env["distribution.duty.conflict"]
        cls.Log = cls.env["distribution.duty.log"]
        cls.olga = cls._new_user("branch_operator", "olga", name="Olga Berg")
        cls.carl = cls._new_user("finance_controller", "carl", name="Carl Lund")
        cls.audrey = cls._new_user("auditor", "audrey")
        cls.boss = cls._new_user("administrator", "boss")
        cls.company = cls.env.company
        cls.order, cls.order_2 = cls.env["distribution.fake.duty.document"].create(
            [
                {"name": "P00001", "company_id": cls.company.id},
                {"name": "P00002", "company_id": cls.company.id},
            ]
        )
        cls.note = cls.env["distribution.fake.duty.note"].create({"name": "Note 1"})

    @classmethod
    def _let_everybody_use(cls, model):
        cls.env["ir.model.access"].create(
            {
                "name": model,
                "model_id": cls.env["ir.model"]._get(model).id,
                "group_id": cls.env.ref("base.group_user").id,
                "perm_read": True,
                "perm_write": True,
                "perm_create": True,
                "perm_unlink": True,
            }
        )

    @classmethod
    def _keep_apart(cls, duty, other_duty, **values):
        """An active pair; the one that is shipped where there is no more to it."""
        if not values:
            xml_id = (
                f"distribution_approval.distribution_duty_conflict_{duty}_{other_duty}"
            )
            pair = cls.env.ref(xml_id)
            pair.active = True
            return pair
        return cls.Conflict.create({"duty": duty, "other_duty": other_duty, **values})

    @classmethod
    def _keep_roles_apart(cls, role, other_role, **values):
        return cls.Conflict.create(
            {
                "kind": "roles",
                "group_id": cls.env.ref(f"distribution_base.group_{role}").id,
                "other_group_id": cls.env.ref(
                    f"distribution_base.group_{other_role}"
                ).id,
                **values,
            }
        )

    def _do(self, user, duty, documents):
        self.Log.with_user(user)._perform(duty, documents.with_user(user))

    def _rows(self, documents):
        """(user, duty, outcome) of each row of the documents, the oldest first."""
        rows = self.Log.search(
            [("res_model", "=", documents._name), ("res_id", "in", documents.ids)],
            order="id",
        )
        return [(row.user_id, row.duty, row.outcome) for row in rows]
