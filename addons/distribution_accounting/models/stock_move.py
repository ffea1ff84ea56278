from odoo import api, fields, models
from odoo.exceptions import UserError

from .keys import is_keeping, keeping

# What follows from goods that changed branch, and is not for anybody to say.
SETTLED = {
    "interbranch_cost",
    "interbranch_price",
    "interbranch_qty",
    "interbranch_lane_id",
    "interbranch_entry_id",
}


class StockMove(models.Model):
    """Goods that change branch change the books of both; all others have one branch."""

    _inherit = "stock.move"

    interbranch_cost = fields.Monetary(
        string="Cost Between Branches",
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        help="Cost of the goods when they went to the receiving branch; negative where they "
        "came back.",
    )
    interbranch_price = fields.Monetary(
        string="Price Between Branches",
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        help="What the receiving branch paid for them by the rule of the lane.",
    )
    interbranch_qty = fields.Float(
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Units of the product that went to the receiving branch.",
    )
    interbranch_lane_id = fields.Many2one(
        "distribution.lane",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    interbranch_entry_id = fields.Many2one(
        "account.move",
        string="Entry Between Branches",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._ensure_not_settled_by_hand(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._ensure_not_settled_by_hand(vals)
        return super().write(vals)

    def _ensure_not_settled_by_hand(self, vals):
        if not is_keeping(self) and not SETTLED.isdisjoint(vals):
            raise UserError(
                self.env._(
                    "What goods cost and are worth between branches follows from their "
                    "arrival and from the transfer price of the lane: nobody can type it."
                )
            )

    # Entries of single moves: scrap, losses, counts.

    def _expense_branch(self):
        """The branch that bears what the move loses, or has what it finds."""
        self.ensure_one()
        return self._stock_branch()

    def _stock_branch(self):
        """The branch whose stock the move takes from, or adds to."""
        self.ensure_one()
        source, target = self.location_id, self.location_dest_id
        inside = source if source._should_be_valued() else target
        return inside.branch_id or inside.lane_id.source_branch_id or self.branch_id

    def _get_account_move_line_vals(self):
        lines = super()._get_account_move_line_vals()
        move = self.sudo()  # the branch of goods in transit is not that of the user
        location = move.location_id if move._is_in() else move.location_dest_id
        for values in lines:
            expensed = values["account_id"] == location.valuation_account_id.id
            branch = move._expense_branch() if expensed else move._stock_branch()
            values["own_branch_id"] = branch.id
            values["category_id"] = move.product_id.categ_id.id
        return lines

    # Goods that change branch.

    def _action_done(self, cancel_backorder=False):
        done = super()._action_done(cancel_backorder)
        done._settle_between_branches()
        return done

    def _interbranch_sign(self):
        """(lane, 1 where goods reach its receiving branch, -1 where they leave it again)."""
        self.ensure_one()
        lane = self.location_id.lane_id
        if lane and self.location_dest_id.branch_id == lane.destination_branch_id:
            return lane, 1
        lane = self.location_dest_id.lane_id
        if lane and self.location_id.branch_id == lane.destination_branch_id:
            return lane, -1
        return lane, 0

    def _interbranch_origins(self):
        """The moves that brought the goods that this one takes back."""
        return (self.origin_returned_move_id | self.move_orig_ids).filtered(
            lambda move: move.interbranch_qty > 0
        )

    def _settle_between_branches(self):
        """Post goods that changed branch, at cost and at the price of their lane.

        One entry for all moves of a lane that are done together.
        """
        # As superuser: whoever receives goods keeps no accounts, and sees one branch.
        moves = self.sudo()
        signs = {
            move: sign
            for move in moves
            if move.state == "done" and move.quantity and not move.interbranch_entry_id
            for lane, sign in [move._interbranch_sign()]
            if sign
        }
        if not signs:
            return
        crossed = moves.browse([move.id for move in signs])
        lanes = self.env["distribution.lane"]
        for (lane, *_more), together in crossed.grouped(_trip).items():
            together._price_between_branches(lane, signs)
            together._post_between_branches(lane)
            lanes |= lane
        lanes.filtered(lambda lane: lane.price_rule != "cost")._defer_markup()

    def _price_between_branches(self, lane, signs):
        """Keep what the goods cost, and what they are worth between the branches."""
        company = lane.company_id
        cents = company.currency_id.round
        products = self.product_id.with_company(company)
        products = products.filtered("is_storable")
        prices = lane._transfer_prices(products)
        costs = {product: product.standard_price for product in products}
        for move in self:
            if move.product_id not in prices:
                continue
            units = move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id, round=False
            )
            cost, price = costs[move.product_id], prices[move.product_id]
            origins = move._interbranch_origins() if signs[move] < 0 else move.browse()
            came = sum(origins.mapped("interbranch_qty"))
            if came:
                cost = sum(origins.mapped("interbranch_cost")) / came
                price = sum(origins.mapped("interbranch_price")) / came
            keeping(move).write(
                {
                    "interbranch_lane_id": lane.id,
                    "interbranch_qty": signs[move] * units,
                    "interbranch_cost": cents(signs[move] * units * cost),
                    "interbranch_price": cents(signs[move] * units * price),
                }
            )

    def _post_between_branches(self, lane):
        """Make the entry of moves that are priced; nothing where they are worth nothing."""
        company = lane.company_id
        ends = lane.source_branch_id, lane.destination_branch_id
        amounts = {}
        for move in self:
            for key, amount in move._interbranch_amounts(company).items():
                amounts[key] = amounts.get(key, 0.0) + amount
        label = ", ".join(sorted({move.reference or "" for move in self}))
        values = self._prepare_interbranch_entry()
        entry = lane._post_interbranch("price", ends, amounts, label, **values)
        if entry:
            keeping(self).interbranch_entry_id = entry

    def _interbranch_trip(self):
        """What moves have in common whose goods are posted in one entry; the lane first."""
        self.ensure_one()
        return (self._interbranch_sign()[0],)

    def _prepare_interbranch_entry(self):
        """More values of the entry of moves that are posted together."""
        return {}

    def _interbranch_amounts(self, company):
        """{(account, category): what the receiving branch is charged with}.

        The sending branch gets the same with the other sign.
        """
        product = self.product_id.with_company(company)
        category, cost, price = (
            product.categ_id,
            self.interbranch_cost,
            self.interbranch_price,
        )
        goods = company._interbranch_account("interbranch_goods_account_id")
        if product.valuation == "real_time":
            goods = product._get_product_accounts()["stock_valuation"] or goods
        clearing = company._interbranch_account("interbranch_clearing_account_id")
        margin = company._interbranch_account("interbranch_margin_account_id")
        none = self.env["product.category"]
        return {
            (clearing, none): -price,
            (goods, category): cost,
            (margin, category): price - cost,
        }


def _trip(move):
    return move._interbranch_trip()
