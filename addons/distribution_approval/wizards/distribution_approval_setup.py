from itertools import pairwise

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class DistributionApprovalSetup(models.TransientModel):
    """Three questions, and the policies that follow from the answers."""

    _name = "distribution.approval.setup"
    _description = "Approval Set-up"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many(
        "distribution.approval.setup.line",
        "setup_id",
        string="What shall be approved?",
        default=lambda self: self._default_line_ids(),
    )
    hours = fields.Float(
        string="How long may an approver take?",
        default=8.0,
        help="Working hours. Then the next authority is asked as well.",
    )
    conflict_ids = fields.Many2many(
        "distribution.duty.conflict",
        string="What may one person never do alone?",
        context={"active_test": False},
        domain="['|', ('active', '=', True), ('active', '=', False)]",
        default=lambda self: self._default_conflict_ids(),
    )

    @api.model
    def _default_line_ids(self):
        Policy = self.env["distribution.approval.policy"]
        domain = [("state", "=", "active"), ("company_id", "=", self.env.company.id)]
        governed = set(Policy.search(domain).mapped("document_model"))
        return [
            Command.create(
                {
                    "document_model": name,
                    "is_chosen": name not in governed,
                    **self.env[name]._approval_default_limits(),
                }
            )
            for name, _kind in Policy._selection_document_model()
        ]

    @api.model
    def _default_conflict_ids(self):
        Conflict = self.env["distribution.duty.conflict"].with_context(
            active_test=False
        )
        return Conflict.search([("kind", "=", "actions")])

    def action_apply(self):
        """Make the policies and put them in force; switch on the pairs of duties.

        :raise ValidationError: where nobody could decide, naming the step; nothing is done
        """
        self.ensure_one()
        Policy = self.env["distribution.approval.policy"]
        chosen = self.line_ids.filtered("is_chosen")
        if not chosen and not self.conflict_ids:
            raise UserError(self.env._("Choose at least one kind of document."))
        policies = Policy.create([line._prepare_policy_values() for line in chosen])
        policies.action_activate()
        self.conflict_ids.active = True
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_approval.distribution_approval_policy_action"
        )
        return {**action, "domain": [("id", "in", policies.ids)], "context": {}}


class DistributionApprovalSetupLine(models.TransientModel):
    """One kind of document: whether, and from which limits on."""

    _name = "distribution.approval.setup.line"
    _description = "Line of the Approval Set-up"

    setup_id = fields.Many2one(
        "distribution.approval.setup", required=True, ondelete="cascade"
    )
    document_model = fields.Selection(
        selection=lambda self: self.env[
            "distribution.approval.policy"
        ]._selection_document_model(),
        string="Document",
        required=True,
    )
    is_chosen = fields.Boolean(string="Approve", default=True)
    first_limit = fields.Float(
        string="Branch Manager From",
        help="From this value on, somebody decides who leads the branch.",
    )
    second_limit = fields.Float(
        string="Head Office From", help="From this value on, head office decides too."
    )
    unit = fields.Char(compute="_compute_unit")
    is_governed = fields.Boolean(
        compute="_compute_unit",
        help="A policy for these documents is in force already.",
    )
    governed_note = fields.Char(compute="_compute_unit")

    @api.depends("document_model")
    def _compute_unit(self):
        for line in self:
            document = self.env.get(line.document_model)
            line.unit = (
                document._approval_default_unit() if document is not None else False
            )
            line.is_governed = bool(
                self.env["distribution.approval.policy"].search_count(
                    [
                        ("document_model", "=", line.document_model),
                        ("company_id", "=", self.env.company.id),
                        ("state", "=", "active"),
                    ],
                    limit=1,
                )
            )
            line.governed_note = line.is_governed and self.env._(
                "A policy is in force already"
            )

    def _prepare_policy_values(self):
        """A policy of this kind with the limits that were chosen."""
        self.ensure_one()
        if self.first_limit <= 0 or self.second_limit <= self.first_limit:
            raise UserError(
                self.env._(
                    "The second limit must be above the first one, and both above zero."
                )
            )
        document = self.env[self.document_model]
        return {
            "name": document._approval_kind_name(),
            "document_model": self.document_model,
            "company_id": self.setup_id.company_id.id,
            "rule_ids": [
                Command.create(values)
                for values in document._approval_default_rules(self)
            ],
        }

    def _prepare_bands(self, limits, authorities, worse="higher"):
        """Bands below, between and above `limits`, ascending; the free one on the good side.

        :param authorities: for each band that is not free, from the least to the most
            serious, the values of its steps
        """
        borders = [None, *limits, None]
        steps = [[], *authorities]
        if worse == "lower":
            steps.reverse()
        hours = self.setup_id.hours
        return [
            Command.create(
                {
                    "has_lower": lower is not None,
                    "lower": lower or 0.0,
                    "has_upper": upper is not None,
                    "upper": upper or 0.0,
                    "step_ids": [
                        Command.create({"hours": hours, **values}) for values in wanted
                    ],
                }
            )
            for (lower, upper), wanted in zip(pairwise(borders), steps, strict=True)
        ]

    def _prepare_rule(self, name, measure, limits, authorities, worse="higher"):
        """Values of a rule with such bands."""
        return {
            "name": name,
            "measure": measure,
            "band_ids": self._prepare_bands(limits, authorities, worse),
        }

    def _first_authority(self):
        """Who decides first: whoever leads the branch. Extended by glue."""
        group = self.env.ref("distribution_base.group_branch_manager")
        return {"authority": "group", "group_id": group.id}

    def _second_authority(self):
        """Who decides next, on behalf of head office."""
        group = self.env.ref("distribution_base.group_finance_controller")
        return {"stage": 2, "authority": "group", "group_id": group.id}
