"""The months of the books: two are closed, the last one is being worked on.

Needs the suite.
"""

from datetime import timedelta

from .writer_people import PeopleWriter

# Odoo values a day product by product: of more than these, at the end of the last month
# alone, and the months before it stay open.
LARGE = 5000
WHY = "Found in order by head office; known when the books were opened."


class ClosingWriter(PeopleWriter):
    """Runs last: a closing sees all that was done until its day."""

    theme = "closing"

    def run(self):
        if not self.plan.sales:
            return
        months = self.plan.settings.months
        if len(self.book.products) > LARGE:
            months = months[-1:]
        for month in months:
            end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            self.company.action_close_stock_valuation(at_date=end, auto_post=True)
            self.env.flush_all()
        Closing = self.env["distribution.closing"].with_user(self.book.user("finance"))
        for month in months:
            closing = Closing.create({"date_from": month})
            if month != months[-1]:
                self._close(closing)

    def _close(self, closing):
        """Everything is right, or somebody has said why it may stay."""
        for item in closing.item_ids.filtered(lambda x: x.state == "open"):
            item.note = WHY
            item.action_explain()
        closing.action_close()
