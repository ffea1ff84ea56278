import logging

from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from .keys import keeping

_logger = logging.getLogger(__name__)


class DistributionLane(models.Model):
    """What the receiving branch pays the sending one for goods."""

    _inherit = "distribution.lane"

    price_rule = fields.Selection(
        [
            ("cost", "Cost"),
            ("cost_plus", "Cost plus"),
            ("list_minus", "List price less"),
            ("pricelist", "Price list"),
        ],
        string="Transfer Price",
        default="cost",
        required=True,
        tracking=True,
        help="What the receiving branch pays the sending one when goods arrive: their cost, "
        "cost plus a percentage, the list price less a percentage, or what a price list "
        "says. The difference to the cost is the margin of the sending branch.",
    )
    price_percent = fields.Float(
        string="Transfer Price %",
        digits=(16, 2),
        tracking=True,
        help="Percent on top of the cost, or off the list price.",
    )
    price_pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Transfer Price List",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="In company currency. Products that it has no price for go at list price.",
    )
    price_deferred = fields.Boolean(
        string="Defer Mark-up",
        default=True,
        tracking=True,
        help="The sending branch earns its mark-up, and the receiving one bears it, when "
        "the goods leave the receiving branch. Without it, when they arrive.",
    )
    freight_bearer = fields.Selection(
        [("destination", "Receiving branch"), ("source", "Sending branch")],
        string="Freight Borne By",
        default="destination",
        required=True,
        tracking=True,
        help="The branch that the freight of transfers is posted to.",
    )

    _price_percent_sane = models.Constraint(
        "CHECK (price_percent >= 0 AND price_percent <= 1000)",
        "The percentage of a transfer price must be between 0 and 1000.",
    )

    @api.constrains("price_rule", "price_percent", "price_pricelist_id")
    def _check_price_rule(self):
        for lane in self:
            pricelist = lane.price_pricelist_id
            if lane.price_rule == "pricelist" and not pricelist:
                raise ValidationError(
                    self.env._("Choose the transfer price list of lane %s.", lane.name)
                )
            if lane.price_rule == "list_minus" and lane.price_percent > 100:
                raise ValidationError(
                    self.env._(
                        "Lane %s: no more than 100 percent can be taken off the list price.",
                        lane.name,
                    )
                )
            if pricelist and pricelist.currency_id != lane.company_id.currency_id:
                raise ValidationError(
                    self.env._(
                        "Price list %(pricelist)s is in %(currency)s. Branches of one "
                        "company settle in its currency, %(own)s: choose a price list in "
                        "%(own)s for lane %(lane)s.",
                        pricelist=pricelist.display_name,
                        currency=pricelist.currency_id.name,
                        own=lane.company_id.currency_id.name,
                        lane=lane.name,
                    )
                )

    def _transfer_prices(self, products):
        """What one unit of each product costs the receiving branch.

        :param products: product.product records
        :return: {product: price}, in company currency for the unit of the product
        """
        self.ensure_one()
        # As superuser: prices between branches are not for those who move the goods.
        products = products.sudo().with_company(self.company_id)
        rate = 1.0 + self.price_percent / 100.0
        if self.price_rule == "cost_plus":
            return {product: product.standard_price * rate for product in products}
        if self.price_rule == "list_minus":
            return {product: product.lst_price * (2.0 - rate) for product in products}
        if self.price_rule == "pricelist":
            # As above.
            prices = self.sudo().price_pricelist_id._get_products_price(products, 1.0)
            return {product: prices[product.id] for product in products}
        return {product: product.standard_price for product in products}

    def _post_interbranch(self, kind, ends, amounts, label, **values):
        """Post an entry that is nil for the company, account by account.

        :param kind: what it posts, of `interbranch_kind`
        :param ends: (branch that is credited, branch that is charged)
        :param amounts: {(account, product category): charge}, in company currency
        :param label: what it is for
        :param values: more of the entry
        :return: the entry; none where there is nothing to post
        """
        self.ensure_one()
        company = self.company_id
        lines = [
            Command.create(
                {
                    "account_id": account.id,
                    "category_id": category.id,
                    "own_branch_id": branch.id,
                    "balance": company.currency_id.round(sign * amount),
                    "name": label,
                }
            )
            for sign, branch in zip((-1, 1), ends, strict=True)
            for (account, category), amount in amounts.items()
            if not company.currency_id.is_zero(amount)
        ]
        # As superuser, and by the key: nobody else makes such entries.
        Entry = keeping(self.env["account.move"].sudo())
        if not lines:
            return Entry.browse()
        entry = Entry.create(
            {
                "move_type": "entry",
                "journal_id": company._interbranch_journal().id,
                "date": fields.Date.context_today(self),
                "ref": label,
                "interbranch_kind": kind,
                "interbranch_lane_id": self.id,
                "line_ids": lines,
                **values,
            }
        )
        entry._post(soft=False)
        _logger.info("%s: %s of lane %s posted", entry.name, kind, self.name)
        return entry
