from odoo import fields, models
from odoo.tools import SQL


class DistributionReviewTrend(models.Model):
    """What reviews set going and what became of it: a row for each step, by day.

    Actions agreed, done and dropped, and items that came up new or once more.
    """

    _name = "distribution.review.trend"
    _description = "Trend of Reviews"
    _auto = False
    _order = "day desc, id"
    _check_company_auto = True
    _depends = {
        "distribution.review.action": [
            *("opened_on", "done_on", "date_due", "state", "company_id", "branch_id"),
            *("user_id", "template_id", "review_id"),
        ],
        "distribution.review.item": [
            *("review_id", "company_id", "branch_id", "user_id", "previous_id"),
        ],
        "distribution.review": ["template_id", "period_to", "opened_at"],
    }

    day = fields.Date(readonly=True)
    step = fields.Selection(
        [
            ("agreed", "Action agreed"),
            ("done", "Action done"),
            ("dropped", "Action dropped"),
            ("raised", "Item came up"),
            ("again", "Item came up again"),
        ],
        readonly=True,
    )
    subject = fields.Selection(
        [("action", "Actions"), ("item", "Items")], string="Of", readonly=True
    )
    count = fields.Integer(readonly=True, help="How many.")
    balance = fields.Integer(
        string="Open Actions",
        readonly=True,
        help="One more with each action that is agreed, one less with each that is done "
        "or dropped. Add it up over time to see how many are open.",
    )
    late = fields.Integer(
        string="Done Late",
        readonly=True,
        help="Actions that were done after their due day.",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    branch_id = fields.Many2one("distribution.branch", readonly=True)
    region_id = fields.Many2one(related="branch_id.region_id")
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        readonly=True,
        help="Of the action; of an item, its suggested owner.",
    )
    template_id = fields.Many2one(
        "distribution.review.template", string="Kind of Review", readonly=True
    )
    review_id = fields.Many2one("distribution.review", readonly=True)
    action_id = fields.Many2one("distribution.review.action", readonly=True)
    item_id = fields.Many2one("distribution.review.item", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            "(%s) UNION ALL (%s) UNION ALL (%s)",
            self._agreed_sql(),
            self._ended_sql(),
            self._items_sql(),
        )

    # Identifiers: three rows a number, since each source has numbers of its own.

    def _agreed_sql(self):
        return SQL(
            """SELECT a.id * 3 AS id, a.opened_on AS day, 'agreed' AS step,
                      'action' AS subject, 1 AS count, 1 AS balance, 0 AS late,
                      a.company_id, a.branch_id, a.user_id, a.template_id, a.review_id,
                      a.id AS action_id, NULL::integer AS item_id
                 FROM distribution_review_action a"""
        )

    def _ended_sql(self):
        return SQL(
            """SELECT a.id * 3 + 1, a.done_on, a.state, 'action', 1, -1,
                      (a.state = 'done' AND a.done_on > a.date_due)::integer,
                      a.company_id, a.branch_id, a.user_id, a.template_id, a.review_id,
                      a.id, NULL
                 FROM distribution_review_action a
                WHERE a.state <> 'open'"""
        )

    def _items_sql(self):
        return SQL(
            """SELECT i.id * 3 + 2, r.opened_at::date,
                      CASE WHEN i.previous_id IS NULL THEN 'raised' ELSE 'again' END,
                      'item', 1, 0, 0,
                      i.company_id, i.branch_id, i.user_id, r.template_id, i.review_id,
                      NULL, i.id
                 FROM distribution_review_item i
                 JOIN distribution_review r ON r.id = i.review_id"""
        )

    def action_open(self):
        """The action or the item that the row is about."""
        self.ensure_one()
        return (self.action_id or self.item_id).get_formview_action()
