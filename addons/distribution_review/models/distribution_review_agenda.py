from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded
from odoo.addons.distribution_exception.models.detector import closeness_sql

KINDS = ("left", "kpi", "exception")  # in this order within a branch


class DistributionReview(models.Model):
    """The agenda: what was left of the last review, missed targets, exceptions."""

    _inherit = "distribution.review"

    def _raise_items(self):
        """Make the agenda."""
        figures = self.figure_ids.filtered(lambda figure: figure.scope != "none")
        missed = figures.filtered(lambda figure: figure.status == "bad")
        left = self._left_values(
            {(figure.kpi_id, figure.branch_id): figure for figure in figures}
        )
        known = {values["exception_id"] for values in left if values["exception_id"]}
        known_kpis = {(values["kpi_id"], values["branch_id"]) for values in left}
        owners = self._kpi_owners(missed)
        values = left + [
            self._prepare_kpi_item(figure, owners)
            for figure in missed
            if (figure.kpi_id.id, figure.branch_id.id) not in known_kpis
        ]
        values += self._exception_values(known)
        items = guarded(self.env["distribution.review.item"]).create(
            self._in_order(values)
        )
        self._adopt_actions(items)
        self._carry_undecided()

    def _in_order(self, values):
        """By branch, the company first; then by kind, and as they were found."""
        places = self._branch_places({one["branch_id"] for one in values})
        values.sort(
            key=lambda one: (places[one["branch_id"]], KINDS.index(one["kind"]))
        )
        shared = {"review_id": self.id, "company_id": self.company_id.id}
        return [
            {**one, **shared, "sequence": number} for number, one in enumerate(values)
        ]

    # What was left of the last review.

    def _last_review(self):
        return self.search(
            [
                ("template_id", "=", self.template_id.id),
                ("company_id", "=", self.company_id.id),
                ("period_to", "<", self.period_to),
            ],
            order="period_to desc",
            limit=1,
        )

    def _left_values(self, figures):
        """Items about what is undecided, watched or still has an open action.

        :param figures: those of this review, by KPI and branch
        """
        actions = self.env["distribution.review.action"].search(
            [
                ("state", "=", "open"),
                ("review_id.template_id", "=", self.template_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        )
        last = self._last_review()
        waiting = self.env["distribution.review.item"].search(
            [("review_id", "=", last.id), ("decision", "in", (False, "watch"))]
        )
        doing = self._newest_items(actions.matter_id)
        matters = {}
        for item in (*waiting, *doing):
            matters.setdefault(item._matter(), item)
        acted_upon = {item._matter() for item in doing}
        values = [
            self._prepare_left_item(item, figures)
            for matter, item in matters.items()
            if matter in acted_upon or item._still_stands(figures)
        ]
        return values + [
            self._prepare_action_item(action)
            for action in actions
            if not action.item_id
        ]

    def _newest_items(self, matters):
        """Of each matter the item of its last review, the newest first."""
        return self.env["distribution.review.item"].search(
            ["|", ("id", "in", matters.ids), ("root_id", "in", matters.ids)],
            order="id desc",
        )

    def _prepare_left_item(self, item, figures):
        """The same matter once more, with what is known of it now."""
        now = item.exception_id if item.exception_id.state == "open" else item
        detail = item.detail if now == item else now.detail_text
        figure = figures.get((item.kpi_id, item.branch_id))
        return {
            **item._prepare_again(),
            "detail": figure._in_words() if figure else detail,
            "amount": figure._money_missed() if figure else now.amount,
            "figure_id": figure.id if figure else False,
            "kind": "left",
        }

    def _prepare_action_item(self, action):
        """An action that was agreed beside the agenda comes up once it is left over."""
        return {
            **self.env["distribution.review.item"]._blank(),
            "kind": "left",
            "name": action.name,
            "subject": self.env._("Open action"),
            "branch_id": action.branch_id.id,
            "user_id": action.user_id.id,
            "action_id": action.id,
        }

    def _adopt_actions(self, items):
        """Actions beside the agenda belong to their item from now on."""
        for item in items.filtered("action_id"):  # written at once when flushed
            action = item.action_id.with_context(tracking_disable=True)
            if not action.item_id:
                action.item_id = item

    def _carry_undecided(self):
        """What was left undecided is decided here, so that the last review can be closed."""
        undecided = self.env["distribution.review.item"].search(
            [("next_ids.review_id", "=", self.id), ("decision", "=", False)]
        )
        undecided._keep_decision({"decision": "carried"})

    # Missed targets.

    def _kpi_owners(self, missed):
        """{(KPI id, branch id): who answers}: there, for the branch, or for the KPI."""
        nobody = self.env["distribution.kpi.target"]
        targets = nobody._in_force(missed.kpi_id, self.period_to)
        return {
            (one.kpi_id.id, one.branch_id.id): (
                targets.get((one.kpi_id.id, one.branch_id.id), nobody).owner_id
                or one.branch_id.manager_id
                or one.kpi_id.owner_id
            ).id
            for one in missed
        }

    def _prepare_kpi_item(self, figure, owners):
        kpi, branch = figure.kpi_id, figure.branch_id
        return {
            **self.env["distribution.review.item"]._blank(),
            "kind": "kpi",
            "name": kpi.name,
            "subject": self.env._("Misses its target"),
            "section": figure.section,
            "detail": figure._in_words(),
            "branch_id": branch.id,
            "kpi_id": kpi.id,
            "figure_id": figure.id,
            "amount": figure._money_missed(),
            "user_id": owners[kpi.id, branch.id],
        }

    # Exceptions.

    def _exception_values(self, known):
        """The first exceptions of each section in each branch.

        :param known: ids of exceptions that are on the agenda already
        """
        found = self._first_exceptions(known)
        ids = [exception for exceptions in found.values() for exception in exceptions]
        # Read at once; section by section they stay in the order of their rank.
        self.env["distribution.exception"].browse(ids).fetch(
            ["name", "detail", "amount", "rule_id", "branch_id", "user_id"]
        )
        return [
            self._prepare_exception_item(section, exception)
            for section, exceptions in found.items()
            for exception in self.env["distribution.exception"].browse(exceptions)
        ]

    def _prepare_exception_item(self, section, exception):
        owner = exception.user_id or exception.branch_id.manager_id
        return {
            **self.env["distribution.review.item"]._blank(),
            "kind": "exception",
            "name": exception.name or exception.rule_id.name,
            "subject": exception.rule_id.name,
            "section": section.name,
            "detail": exception.detail_text,
            "branch_id": exception.branch_id.id,
            "exception_id": exception.id,
            "rule_id": exception.rule_id.id,
            "too_late_at": exception.too_late_at,
            "amount": exception.amount,
            "user_id": owner.id,
        }

    def _first_exceptions(self, known):
        """{section: exception ids}, the first of the ranking in each branch, in one query."""
        sections = self.template_id.section_ids
        section_of = {}
        for section in sections:
            for rule in section.rule_ids:
                section_of.setdefault(rule.id, section)
        if not section_of:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            self._first_exceptions_sql(section_of, list(known))
        )
        found = defaultdict(list)
        for section_id, exception_id in rows:
            found[section_id].append(exception_id)
        return {one: found[one.id] for one in sections if found[one.id]}

    def _first_exceptions_sql(self, section_of, known):
        """Ranked as the list of exceptions is, at this moment, section and branch apart."""
        rank = SQL(
            "e.stake * (%s)",
            closeness_sql(SQL("e.too_late_at"), SQL("%s::timestamp", self.opened_at)),
        )
        return SQL(
            """WITH part (rule_id, section_id, most) AS (
                    SELECT * FROM UNNEST(%(rules)s, %(sections)s, %(most)s)),
                 ranked AS (
                    SELECT e.id, part.section_id, part.most, %(rank)s AS rank,
                           ROW_NUMBER() OVER (
                               PARTITION BY part.section_id, e.branch_id
                               ORDER BY %(rank)s DESC, e.id) AS place
                      FROM distribution_exception e
                      JOIN part ON part.rule_id = e.rule_id
                     WHERE e.state = 'open' AND e.id <> ALL (%(known)s)
                       AND (e.company_id IS NULL OR e.company_id = %(company)s))
               SELECT section_id, id FROM ranked
                WHERE place <= most ORDER BY rank DESC, id""",
            rules=list(section_of),
            sections=[section.id for section in section_of.values()],
            most=[section.item_limit for section in section_of.values()],
            rank=rank,
            known=known or [0],
            company=self.company_id.id,
        )
