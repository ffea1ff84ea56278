from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL


class DistributionLane(models.Model):
    """The mark-up of goods that the receiving branch has not sold yet.

    Goods leave a branch in the order in which they came. What is left of the receipts
    along a lane still has the sender's mark-up in it; that part waits in the books, and is
    released as the goods leave.
    """

    _name = "distribution.lane"
    _inherit = ["distribution.lane", "distribution.books.mixin"]
    _books_field = "interbranch_lane_id"

    @api.model
    def _cron_release_markup(self):
        """Release the mark-up of what was sold. It posts what has changed, no more."""
        lanes = self.with_context(active_test=False).search(
            [("price_rule", "!=", "cost")]
        )
        marked = lanes.browse(
            group[0].id
            for group in self.env["account.move"]._read_group(
                [("interbranch_kind", "=", "deferral")], ["interbranch_lane_id"]
            )
        )
        (lanes | marked)._defer_markup()

    def _defer_markup(self):
        """Bring what is deferred in line with what is left of the goods."""
        # As superuser: goods are moved by people who keep no accounts.
        for company, lanes in self.sudo().grouped("company_id").items():
            waiting = lanes._markup_in_stock()
            targets = {
                lane: lane._markup_targets(waiting.get(lane.id, {})) for lane in lanes
            }
            lanes.with_company(company)._book(
                "deferral", targets, self.env._("Mark-up in stock")
            )

    def _markup_targets(self, by_category):
        """What is booked while `by_category` waits: {category: amount}."""
        company = self.company_id
        margin = company._interbranch_account("interbranch_margin_account_id")
        deferred = company._interbranch_account("interbranch_deferred_account_id")
        none = self.env["product.category"]
        targets = defaultdict(float)
        for branch, sign in (
            (self.source_branch_id, 1),
            (self.destination_branch_id, -1),
        ):
            shares = ((branch.id, 100.0),)
            for category, amount in by_category.items():
                amount = sign * company.currency_id.round(amount)
                targets[margin, category, shares] += amount
                targets[deferred, none, shares] -= amount
        return targets

    def _markup_in_stock(self):
        """{lane id: {category: mark-up in what the receiving branch has left}}."""
        lanes = self.filtered("price_deferred")
        marked = self._marked_products(lanes)
        if not marked:
            return {}
        company = lanes.company_id
        products = self.env["product.product"].browse({x for _b, x in marked})
        on_hand = defaultdict(float)
        for product, places in company._branch_quantities(products).items():
            for (branch, _lane), quantity in places.items():
                on_hand[branch, product] += quantity
        rows = self.env.execute_query(self._query_markup(lanes, marked, on_hand))
        waiting = defaultdict(lambda: defaultdict(float))
        Category = self.env["product.category"]
        for lane, category, amount in rows:
            waiting[lane][Category.browse(category)] += amount
        return waiting

    def _marked_products(self, lanes):
        """[(branch id, product id)] of what came along `lanes` above or below cost."""
        self.env["stock.move"].flush_model()
        self.env["stock.move.line"].flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT DISTINCT lane.destination_branch_id, move.product_id
                     FROM stock_move move
                     JOIN distribution_lane lane ON lane.id = move.interbranch_lane_id
                    WHERE move.interbranch_lane_id IN %s
                      AND move.interbranch_qty > 0
                      AND move.interbranch_price != move.interbranch_cost""",
                tuple(lanes.ids) or (0,),
            )
        )

    def _query_markup(self, lanes, marked, on_hand):
        """What is left of each receipt, the last one first, and its mark-up."""
        stock = [(branch, x, max(on_hand[branch, x], 0.0)) for branch, x in marked]
        return SQL(
            """
            WITH stock (branch_id, product_id, quantity) AS (
                SELECT * FROM unnest(%s::int[], %s::int[], %s::numeric[])
            ),
            came AS (
                SELECT move.id, stock.branch_id, move.product_id, move.date,
                       stock.quantity AS left_over,
                       SUM(line.quantity_product_uom)::numeric AS quantity
                  FROM stock
                  JOIN stock_move_line line ON line.product_id = stock.product_id
                  JOIN stock_location target ON target.id = line.location_dest_id
                  JOIN stock_location origin ON origin.id = line.location_id
                  JOIN stock_move move ON move.id = line.move_id
                 WHERE line.state = 'done'
                   AND target.branch_id = stock.branch_id
                   AND origin.branch_id IS DISTINCT FROM stock.branch_id
              GROUP BY move.id, stock.branch_id, stock.quantity
            ),
            layers AS (
                SELECT came.*, SUM(quantity) OVER (
                           PARTITION BY branch_id, product_id ORDER BY date DESC, id DESC
                       ) - quantity AS later
                  FROM came
            )
            SELECT move.interbranch_lane_id, template.categ_id,
                   SUM((move.interbranch_price - move.interbranch_cost)
                       * LEAST(layers.quantity, layers.left_over - layers.later)
                       / move.interbranch_qty::numeric)::float
              FROM layers
              JOIN stock_move move ON move.id = layers.id
              JOIN product_product product ON product.id = move.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE move.interbranch_lane_id IN %s
               AND move.interbranch_qty > 0
               AND layers.left_over > layers.later
          GROUP BY move.interbranch_lane_id, template.categ_id
            """,
            [row[0] for row in stock],
            [row[1] for row in stock],
            [row[2] for row in stock],
            tuple(lanes.ids),
        )
