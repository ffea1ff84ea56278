from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import Form

from .common import AccountingCase


class ClosingCase(AccountingCase):
    """Months and their check lists.

    `last` and `this` are the first days of the last month and of the current one. Verbs:
    `_month` (opens a month close as the controller), `_backdate` (goods that moved then),
    `_clear` (posts the valuation, so that a month without documents can be closed).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.context_today(cls.env.user)
        cls.this = fields.Date.start_of(today, "month")
        cls.last = cls.this - relativedelta(months=1)
        cls.before = cls.this - relativedelta(months=2)
        cls.end = cls.this - timedelta(days=1)
        cls.north.manager_id = cls.bea

    def _month(self, day, user=None):
        form = Form(self.env["distribution.closing"].with_user(user or self.fiona))
        form.date_from = day
        return form.save()

    def _item(self, closing, code, branch=None, user=None):
        closing.invalidate_recordset()
        items = closing.item_ids.filtered(
            lambda x: x.code == code
            and x.branch_id.id == (branch.id if branch else False)
        )
        return items.with_user(user or self.fiona)

    def _figures(self, closing, code, branch=None):
        item = self._item(closing, code, branch)
        return item.count, item.amount, item.state

    def _backdate(self, moves, day):
        """The goods moved at noon of `day`."""
        moment = datetime.combine(day, time(12))
        moves.write({"date": moment})
        moves.move_line_ids.write({"date": moment})

    def _clear(self, closing):
        closing.with_user(self.fiona).action_post_valuation()
        return closing
