from datetime import timedelta

from odoo import fields

from odoo.addons.distribution_base.tests.common import DistributionCase


class ExceptionCase(DistributionCase):
    """Rules over partners and users: records that every Odoo has.

    `_rule(domain, **values)` makes a rule of its own over partners, `_sweep(rule)` looks at
    everything, `_recheck(rule, records)` at some. `_found(rule)` is {record: exception}.
    Users: ada administrates, olga operates a branch, aude audits, fiona controls.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ada = cls._new_user("administrator", "ada")
        cls.olga = cls._new_user("branch_operator", "olga")
        cls.aude = cls._new_user("auditor", "aude")
        cls.fiona = cls._new_user("finance_controller", "fiona")
        cls.operators = cls.env.ref("distribution_base.group_branch_operator")
        cls.controllers = cls.env.ref("distribution_base.group_finance_controller")
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "ref": "watched", "color": number}
                for number in range(1, 6)
            ]
        )
        cls.now = fields.Datetime.now()

    @classmethod
    def _rule(cls, domain="[('ref', '=', 'watched')]", **values):
        model = values.pop("model", "res.partner")
        return cls.env["distribution.exception.rule"].create(
            {
                "name": "Watched partners",
                "model_id": cls.env["ir.model"]._get_id(model),
                "domain": domain,
                "amount_expression": "color * 100",
                "role_ids": [(6, 0, cls.operators.ids)],
                **values,
            }
        )

    @classmethod
    def _sweep(cls, rules):
        rules.action_sweep()
        return cls._found(rules)

    @classmethod
    def _recheck(cls, rule, records):
        rule._try_detect(ids=records.ids)
        return cls._found(rule)

    @classmethod
    def _found(cls, rules):
        exceptions = cls.env["distribution.exception"].search(
            [("rule_id", "in", rules.ids)]
        )
        return {cls.env[one.res_model].browse(one.res_id): one for one in exceptions}

    @classmethod
    def _hours_from_now(cls, hours):
        return cls.now + timedelta(hours=hours)
