from collections import defaultdict

from odoo import models
from odoo.tools import SQL


class ResCompany(models.Model):
    """The stock of each branch, and its part in the entry that closes the valuation.

    A product has one cost in its company. What the stock of a branch is worth is its part,
    by quantity, of what the product is worth in all; goods on a lane are of the sending
    branch until they arrive.
    """

    _inherit = "res.company"

    # Quantities and values.

    def _branch_quantities(self, products=None, at_date=None):
        """{product id: {(branch id, lane id): quantity in the unit of the product}}.

        Of goods that are the company's own, in locations that are valued. Ids are False
        for locations of no branch, and for goods that are at hand.

        :param products: all by default
        :param at_date: at the end of that moment; now by default
        """
        self.ensure_one()
        self.env["stock.quant"].flush_model()
        self.env["stock.move.line"].flush_model()
        self.env["stock.location"].flush_model()
        own = SQL(
            "(location.usage IN ('internal', 'transit') AND location.company_id = %s)",
            self.id,
        )
        wanted = SQL("product_id IS NOT NULL")
        if products is not None:
            wanted = SQL("product_id IN %s", tuple(products.ids) or (0,))
        parts = [self._query_quants(own, wanted)]
        if at_date:
            parts += [
                self._query_moved_since(own, wanted, at_date, SQL("location_id"), 1),
                self._query_moved_since(
                    own, wanted, at_date, SQL("location_dest_id"), -1
                ),
            ]
        quantities = defaultdict(dict)
        query = SQL(
            """SELECT product_id, branch_id, lane_id, SUM(quantity)
                 FROM (%s) AS stock
             GROUP BY product_id, branch_id, lane_id""",
            SQL(" UNION ALL ").join(parts),
        )
        for product, branch, lane, quantity in self.env.execute_query(query):
            if quantity:
                quantities[product][branch or False, lane or False] = quantity
        return quantities

    def _query_quants(self, own, wanted):
        return SQL(
            """SELECT quant.product_id, %s, quant.quantity
                 FROM stock_quant quant
                 JOIN stock_location location ON location.id = quant.location_id
            LEFT JOIN distribution_lane lane ON lane.id = location.lane_id
                WHERE %s AND %s
                  AND (quant.owner_id IS NULL OR quant.owner_id = %s)""",
            _WHERE,
            own,
            wanted,
            self.partner_id.id,
        )

    def _query_moved_since(self, own, wanted, at_date, column, sign):
        """What has left (or, negative, entered) each location after `at_date`."""
        return SQL(
            """SELECT line.product_id, %s, %s * line.quantity_product_uom
                 FROM stock_move_line line
                 JOIN stock_location location ON location.id = line.%s
            LEFT JOIN distribution_lane lane ON lane.id = location.lane_id
                WHERE %s AND line.%s AND line.state = 'done' AND line.date > %s
                  AND (line.owner_id IS NULL OR line.owner_id = %s)""",
            _WHERE,
            sign,
            column,
            own,
            wanted,
            at_date,
            self.partner_id.id,
        )

    def _branch_stock_values(self, accounts_by_product=None, at_date=None):
        """{stock account: {(branch id, lane id): value}}, to the cent.

        The values of an account add up to what Odoo says of the company.

        :param accounts_by_product: of storable products, as Odoo has them
        """
        self.ensure_one()
        accounts_by_product = accounts_by_product or self._get_accounts_by_product()
        quantities = self._branch_quantities(at_date=at_date)
        exact = defaultdict(lambda: defaultdict(float))
        for product, accounts in accounts_by_product.items():
            total = product.with_context(to_date=at_date).total_value
            if not total:
                continue
            values = exact[accounts["valuation"]]
            places = quantities.get(product.id) or {(False, False): 1.0}
            whole = sum(places.values())
            if not whole:
                places, whole = {(False, False): 1.0}, 1.0
            for place, quantity in places.items():
                values[place] += total * quantity / whole
        return {
            account: _in_cents(values, self.currency_id)
            for account, values in exact.items()
        }

    # Closing.

    def _get_location_valuation_vals(self, at_date=None, location_domain=False):
        values = super()._get_location_valuation_vals(at_date, location_domain)
        amounts = self._branch_location_amounts(at_date, location_domain)
        return self._split_pairs(values, amounts)

    def _branch_location_amounts(self, at_date, location_domain):
        """{(two accounts): {(branch of the expense, of the stock): charge}}.

        Of moves from and to locations with an account of their own, since the last closing.
        """
        domain = [
            *(location_domain or []),
            ("valuation_account_id", "!=", False),
            ("company_id", "=", self.id),
        ]
        places = self.env["stock.location"].search(domain)
        moved = [
            ("company_id", "=", self.id),
            ("product_id.is_storable", "=", True),
            ("product_id.valuation", "=", "periodic"),
            "|",
            "&",
            ("is_out", "=", True),
            ("location_dest_id", "in", places.ids),
            "&",
            ("is_in", "=", True),
            ("location_id", "in", places.ids),
        ]
        since = self._get_last_closing_date()
        if since:
            moved.append(("date", ">", since))
        if at_date:
            moved.append(("date", "<=", at_date))
        amounts = defaultdict(lambda: defaultdict(float))
        # As superuser: a closing is of all branches.
        for move in self.env["stock.move"].sudo().search(moved):
            out = move.is_out and move.location_dest_id in places
            place = move.location_dest_id if out else move.location_id
            category = move.product_category_id.with_company(self)
            stock = (
                category.property_stock_valuation_account_id
                or self.account_stock_valuation_id
            )
            ends = move._expense_branch().id, move._stock_branch().id
            key = place.valuation_account_id.id, stock.id
            amounts[key][ends] += move.value if out else -move.value
        return amounts

    def _get_stock_valuation_account_vals(
        self, accounts_by_product, at_date=None, extra_aml_vals_list=None
    ):
        values = super()._get_stock_valuation_account_vals(
            accounts_by_product, at_date, extra_aml_vals_list
        )
        amounts = self._branch_variations(
            accounts_by_product, at_date, extra_aml_vals_list
        )
        pairs = {}
        for account, by_branch in amounts.items():
            stock = self.env["account.account"].browse(account)
            variation = stock.account_stock_variation_id or self.expense_account_id
            if variation:
                pairs[account, variation.id] = by_branch
        return self._split_pairs(values, pairs)

    def _branch_variations(self, accounts_by_product, at_date, extra):
        """{stock account: {(branch, branch): what the stock is worth beyond its books}}."""
        worth = self._branch_stock_values(accounts_by_product, at_date)
        accounts = {row["valuation"] for row in accounts_by_product.values()}
        stock = self.env["account.account"].union(*accounts)
        booked = self._branch_balances(stock, at_date)
        amounts = {
            account.id: defaultdict(float) for account in {*accounts, *worth} if account
        }
        for account, values in worth.items():
            for (branch, _lane), value in values.items():
                amounts[account.id][branch, branch] += value
        for (account, branch), balance in booked.items():
            amounts[account][branch, branch] -= balance
        for line in extra or []:
            if line["account_id"] in amounts:
                branch = line.get("own_branch_id") or False
                net = line["debit"] - line["credit"]
                amounts[line["account_id"]][branch, branch] -= net
        return amounts

    def _get_continental_realtime_variation_vals(
        self, accounts_by_product, at_date=None, extra_aml_vals_list=None
    ):
        values = super()._get_continental_realtime_variation_vals(
            accounts_by_product, at_date, extra_aml_vals_list
        )
        amounts = self._branch_movements(
            accounts_by_product, at_date, extra_aml_vals_list
        )
        return self._split_pairs(values, amounts)

    def _branch_movements(self, accounts_by_product, at_date, extra):
        """{(expense account, variation account): {(branch, branch): charge}}."""
        accounts = {row["valuation"] for row in accounts_by_product.values()}
        stock = self.env["account.account"].union(*accounts)
        now = self._branch_balances(stock)
        start = self.compute_fiscalyear_dates(self._today())["date_from"]
        before = self._branch_balances(stock, start)
        existing = self._branch_balances(stock.account_stock_variation_id, at_date)
        amounts = {}
        for account in stock:
            variation = account.account_stock_variation_id
            expense = account.account_stock_expense_id
            if not variation or not expense:
                continue  # not a chart that posts purchases as variations
            pair = expense.id, variation.id
            row = amounts[pair] = defaultdict(float)
            for sign, balances, wanted in (
                (1, now, account.id),
                (-1, before, account.id),
                (1, existing, variation.id),
            ):
                for (found, branch), balance in balances.items():
                    if found == wanted:
                        row[branch, branch] += sign * balance
            for line in extra or []:
                if line["account_id"] == account.id:
                    branch = line.get("own_branch_id") or False
                    row[branch, branch] -= line["debit"] - line["credit"]
        return amounts

    def _today(self):
        return self.env["account.move"]._fields["date"].context_today(self)

    def _branch_balances(self, accounts, at_date=None):
        """{(account id, branch id): balance of what is posted}."""
        domain = [
            ("account_id", "in", accounts.ids),
            ("company_id", "=", self.id),
            ("parent_state", "=", "posted"),
        ]
        if at_date:
            domain.append(("date", "<=", at_date))
        # As superuser: a closing is of all branches.
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(domain, ["account_id", "branch_id"], ["balance:sum"])
        )
        return {(account.id, branch.id): total for account, branch, total in groups}

    def _split_pairs(self, values, amounts):
        """The lines of a closing entry, branch by branch.

        What is nil for the company may be due between its branches, so `amounts` has pairs
        of accounts that Odoo has nothing to post on.

        :param values: pairs of a credit and a charge, as Odoo prepares them
        :param amounts: {(account charged, account credited): {(branch charged, branch
            credited): amount}}; what they leave open of a pair is of no branch
        """
        amounts = dict(amounts)
        lines = []
        for number in range(0, len(values), 2):
            pair = values[number : number + 2]
            charged, credited = _accounts(pair)
            total = pair[1]["debit"]
            of_pair = amounts.pop((charged, credited), None)
            if of_pair is None:
                swapped = amounts.pop((credited, charged), {})
                of_pair = {ends[::-1]: -amount for ends, amount in swapped.items()}
            lines += self._branch_pairs(pair, of_pair, total)
        label = self.env._("Closing: between branches")
        for (charged, credited), of_pair in amounts.items():
            pair = [
                {"account_id": account, "name": label, "product_id": False}
                for account in (credited, charged)
            ]
            lines += self._branch_pairs(pair, of_pair, 0.0)
        return lines

    def _branch_pairs(self, pair, amounts, total):
        """The parts of one pair, which add up to `total`."""
        amounts = dict(amounts)
        rest = total - sum(amounts.values())
        if not self.currency_id.is_zero(rest):
            amounts[False, False] = amounts.get((False, False), 0.0) + rest
        lines = []
        for ends, amount in _in_cents(amounts, self.currency_id).items():
            if not self.currency_id.is_zero(amount):
                lines += self._branch_pair(pair, ends, amount)
        return lines

    def _branch_pair(self, pair, ends, amount):
        """The part of one branch; a negative amount changes sides."""
        credit, debit = pair
        charged, credited = ends
        sides = ("credit", "debit") if amount > 0 else ("debit", "credit")
        return [
            {
                **line,
                "debit": 0,
                "credit": 0,
                side: abs(amount),
                "own_branch_id": branch,
            }
            for line, branch, side in (
                (credit, credited, sides[0]),
                (debit, charged, sides[1]),
            )
        ]


# The branch and the lane of a location.
_WHERE = SQL(
    "COALESCE(location.branch_id, lane.source_branch_id) AS branch_id, "
    "location.lane_id AS lane_id"
)


def _accounts(pair):
    """(account that is charged, account that is credited) of a pair."""
    return pair[1]["account_id"], pair[0]["account_id"]


def _in_cents(amounts, currency):
    """The amounts rounded so that their sum is the rounded sum.

    Each rounds what has come up to and with it, so no cent is lost or made.
    """
    seen, given, rounded = 0.0, 0, {}
    for key, amount in amounts.items():
        seen += amount
        until = round(seen / currency.rounding)
        rounded[key] = currency.round((until - given) * currency.rounding)
        given = until
    return rounded
