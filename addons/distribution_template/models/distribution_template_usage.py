from odoo import api, models
from odoo.fields import Domain

# What lists records for its own sake: it follows them and does not use them.
LISTS = frozenset(
    {
        ("distribution.branch.opening", "branch_id"),
        ("distribution.branch", "user_ids"),
        ("res.users", "branch_ids"),
        ("stock.route", "warehouse_ids"),
        ("stock.warehouse", "route_ids"),
    }
)
# What Odoo keeps up to date by itself for a warehouse or a route.
INFRASTRUCTURE = frozenset({"stock.rule", "stock.route", "ir.sequence"})
SHOWN = 3


class DistributionTemplateUsage(models.AbstractModel):
    """Finds what uses the records that the opening of a branch created."""

    _name = "distribution.template.usage"
    _description = "Use of a Branch"

    @api.model
    def _reasons(self, entries):
        """What refers to the records that `entries` created, as sentences.

        Every stored link of every installed model counts, so that no document of an
        addon that is not known here is overlooked. One query for each model that has
        links.
        """
        created = {}
        for entry in entries:
            if entry["action"] == "create":
                for number in entry.get("ids") or [entry["id"]]:
                    created.setdefault(entry["model"], set()).add(number)
        reasons = []
        for model_name, domain in self._link_domains(created):
            reason = self._reason(model_name, domain, created.get(model_name, ()))
            if reason:
                reasons.append(reason)
        return reasons

    def _link_domains(self, created):
        """For each model with links to what was created, the domain that finds them."""
        for name, model in sorted(self.env.registry.items()):
            if model._abstract or model._transient or not model._auto:
                continue
            if name in INFRASTRUCTURE:
                continue
            terms = [
                Domain(field.name, "in", list(created[field.comodel_name]))
                for field in model._fields.values()
                if self._is_link(field, created)
            ]
            if terms:
                yield name, Domain.OR(terms)

    def _is_link(self, field, created):
        return (
            field.type in ("many2one", "many2many")
            and field.store
            and not field.company_dependent
            and not field.inherited
            and field.comodel_name in created
            and (field.model_name, field.name) not in LISTS
        )

    def _reason(self, model_name, domain, own_ids):
        # As superuser: what uses a branch counts also where one may not look.
        model = self.env[model_name].sudo().with_context(active_test=False)
        domain &= Domain("id", "not in", list(own_ids))
        found = model.search(domain, limit=SHOWN, order="id")
        if not found:
            return None
        count = model.search_count(domain) if len(found) == SHOWN else len(found)
        names = ", ".join(found.mapped("display_name"))
        return self.env._(
            "%(kind)s (%(count)s): %(names)s",
            kind=self.env["ir.model"]._get(model_name).name,
            count=count,
            names=f"{names}, …" if count > len(found) else names,
        )
