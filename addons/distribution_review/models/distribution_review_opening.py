from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools.misc import clean_context

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded


class DistributionReview(models.Model):
    """Opening: the review, its frozen figures, and those who are told.

    A constant number of queries, whatever the number of branches and items.
    """

    _inherit = "distribution.review"

    @api.model
    def _open_pack(self, template, company, cut_off):
        """Open the review of a period; the unique key allows no second one.

        :param cut_off: as `_cut_off` of the template returns it
        """
        opener = not self.env.su and self.env.user
        # In the name of the system: a pack is the same whoever opens it, and its figures
        # are of all branches. Nor are there defaults of a client, such as a decision.
        system = self.with_user(SUPERUSER_ID).with_context(
            clean_context(self.env.context), allowed_company_ids=company.ids
        )
        values = system._prepare_review_values(template, company, cut_off)
        values["opened_by_id"] = opener and opener.id
        review = (
            guarded(system).with_context(mail_create_nosubscribe=True).create(values)
        )
        review = system.browse(review.id)
        review._freeze_figures()
        review._raise_items()
        review._tell_participants()
        return self.browse(review.id)

    @api.model
    def _prepare_review_values(self, template, company, cut_off):
        template = self.env[template._name].browse(template.id)
        moment, day_from, day_to = cut_off
        people = template.participant_ids | template.role_ids.user_ids
        people = people.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        return {
            "name": self.env._(
                "%(review)s, %(period)s",
                review=template.name,
                period=self._period_text(day_from, day_to),
            ),
            "template_id": template.id,
            "company_id": company.id,
            "period_from": day_from,
            "period_to": day_to,
            "cut_off_at": moment,
            "opened_at": fields.Datetime.now(),
            "chair_id": template.chair_id.id,
            "participant_ids": [(6, 0, (people | template.chair_id).ids)],
        }

    def _freeze_figures(self):
        """Keep the figures of the period as evidence."""
        section_of = self._section_of_kpi()
        Kpi = self.env["distribution.kpi"]
        kpis = Kpi.concat(*section_of) if section_of else Kpi
        codes = kpis.mapped("code")
        days = self.period_from, self.period_to
        whole = Kpi._figures(codes, *days)
        by_branch = Kpi._figures_by_branch(codes, *days)
        versions = kpis._version_on(self.period_to)
        places = self._branch_places(
            {one for found in by_branch.values() for one in found}
        )
        rows = []
        for kpi in kpis:
            shared = {
                "review_id": self.id,
                "company_id": self.company_id.id,
                "kpi_id": kpi.id,
                "version_id": versions[kpi.id].id if kpi.id in versions else False,
                "section": section_of[kpi].name,
            }
            found = by_branch[kpi.code]
            figures = [("company", False, whole[kpi.code])]
            figures += [
                ("branch" if branch else "none", branch, found[branch])
                for branch in sorted(found, key=lambda one: (not one, places[one]))
            ]
            rows += [
                {**shared, "scope": scope, "branch_id": branch, **_frozen(figure)}
                for scope, branch, figure in figures
            ]
        self.env["distribution.review.figure"]._record_evidence(
            [{**row, "sequence": number} for number, row in enumerate(rows)]
        )

    def _section_of_kpi(self):
        """{KPI: the first section that names it}, in order."""
        targets = self.env["distribution.kpi.target"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", "<=", self.period_to),
            ],
            ["kpi_id"],
        )
        with_target = [kpi for (kpi,) in targets if kpi.active]
        found = {}
        for section in self.template_id.section_ids:
            more = with_target if section.all_targets else ()
            for kpi in (*section.kpi_ids, *more):
                found.setdefault(kpi, section)
        return found

    def _tell_participants(self):
        """Tell those who take part, and let them follow the review."""
        people = self.participant_ids.partner_id
        self.message_subscribe(people.ids)
        self.message_post(
            subject=self.name,
            body=self.env._(
                "The pack of %(review)s is open. Decide on the items of your branches; "
                "the review is closed when nothing is undecided.",
                review=self.name,
            ),
            partner_ids=people.ids,
            message_type="notification",
            subtype_xmlid="mail.mt_comment",
        )


def _frozen(figure):
    """A figure as it is kept: what was not measured has no number."""
    measured = figure["value"] is not None
    return {
        "is_measured": measured,
        "value": figure["value"] or 0.0,
        "numerator": figure["numerator"] or 0.0,
        "denominator": figure["denominator"] or 0.0,
        "has_target": figure["target"] is not None,
        "target": figure["target"] or 0.0,
        "has_previous": figure["previous"] is not None,
        "previous": figure["previous"] or 0.0,
        "status": figure["status"],
        "measured_until": figure["trend"][-1][0] if figure["trend"] else False,
    }
