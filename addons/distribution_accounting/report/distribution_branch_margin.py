from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from . import distribution_branch_margin_sql as sql

# What a person without branches may group by, in the screen of the steps.
DIMENSIONS = (
    "branch_id",
    "region_id",
    "partner_id",
    "team_id",
    "category_id",
    "user_id",
    "order_id",
    "product_id",
)
AMOUNTS = (
    "list_value",
    "discount",
    "net_sales",
    "cost",
    "freight",
    "claims",
    "margin",
)


class DistributionBranchMargin(models.Model):
    """What is left of the list price of each line of a posted invoice or credit note.

    list price - discounts = net sales; net sales - cost - freight - claims = net margin.

    A credit note is a claim: what it takes back of sales is in `claims`, what it gives back
    of cost is a negative `cost`. So net sales less claims are what is posted on accounts of
    sales. Freight is what the branch bore in the month: that of a category is spread over
    the cost of what was sold of it, all other over all that the branch sold.

    With `margin_period` in the context ([first, last] date) the report is of these days
    only, and much quicker.
    """

    _name = "distribution.branch.margin"
    _description = "Margin of Branches"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "move_id"
    _depends = {
        "account.account": ["account_type", "branch_section"],
        "account.move": [
            "commercial_partner_id",
            "invoice_currency_rate",
            "invoice_user_id",
            "move_type",
            "team_id",
        ],
        "account.move.line": [
            "account_id",
            "analytic_distribution",
            "balance",
            "branch_id",
            "branch_split",
            "category_id",
            "cogs_origin_id",
            "date",
            "discount",
            "display_type",
            "parent_state",
            "product_uom_id",
            "quantity",
        ],
        "distribution.branch": ["analytic_account_id", "region_id"],
        "product.product": ["standard_price"],
        "sale.order": ["currency_rate"],
        "sale.order.line": ["currency_id", "invoice_lines", "list_price_unit"],
        "uom.uom": ["factor"],
    }

    date = fields.Date(readonly=True, help="Accounting date of the invoice.")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    branch_id = fields.Many2one("distribution.branch", readonly=True)
    region_id = fields.Many2one("distribution.region", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Channel", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    category_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True
    )
    order_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    line_id = fields.Many2one("account.move.line", readonly=True)
    is_claim = fields.Boolean(
        string="Credit Note", readonly=True, help="The line is of a credit note."
    )
    cost_origin = fields.Selection(
        [
            ("posted", "As posted"),
            ("order", "Cost on the order"),
            ("product", "Cost of the product"),
        ],
        string="Cost Taken From",
        readonly=True,
        help="Goods that are valued at invoicing have the cost that was posted with the "
        "invoice. Others have that of the order line, or else what the product costs now.",
    )
    list_value = fields.Monetary(
        string="List Price",
        readonly=True,
        help="Quantity at the list price when the order was made, without taxes, in "
        "company currency. Where none is known, at the price before the line's discount.",
    )
    discount = fields.Monetary(
        string="Discounts",
        readonly=True,
        help="List price less net sales: price lists, agreed prices and discounts, in "
        "company currency. Negative where more than the list price was paid.",
    )
    net_sales = fields.Monetary(
        readonly=True,
        help="As posted by invoices, in company currency; credit notes are in the claims.",
    )
    cost = fields.Monetary(
        readonly=True,
        help="Cost of the goods in company currency, less that of goods credited.",
    )
    freight = fields.Monetary(
        readonly=True,
        help="Part of the freight that was posted to the branch in the month, in company "
        "currency. Freight of a product category is spread by cost over what was invoiced "
        "of it, all other freight over all that the branch invoiced.",
    )
    claims = fields.Monetary(
        readonly=True, help="Sales that credit notes took back, in company currency."
    )
    margin = fields.Monetary(
        string="Net Margin",
        readonly=True,
        help="Net sales less cost, freight and claims, in company currency.",
    )

    @property
    def _table_query(self):
        has_cost = "purchase_price" in self.env["sale.order.line"]._fields
        period = self._margin_period()
        return sql.rows(has_cost, period, _whole_months(period))

    @api.model
    def _margin_period(self):
        """(first, last) date that the report is limited to, if it is."""
        period = self.env.context.get("margin_period")
        if not period:
            return None
        first, last = (fields.Date.to_date(day) for day in period)
        return first, last

    def action_open_document(self):
        """Open the invoice or credit note of the row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }

    # The steps.

    @api.model
    def _open_waterfall(self, name, domain, days=None):
        """The action that shows the steps of what `domain` finds.

        :param days: accounting dates that the period has to have in it
        """
        self.check_access("read")
        action = self.env["ir.actions.client"]._for_xml_id(
            "distribution_accounting.distribution_branch_margin_action"
        )
        params = {"domain": domain, "name": name}
        if days:
            params["period"] = [min(days), max(days)]
        return {**action, "name": name, "params": params, "path": False}

    @api.model
    def _this_year(self):
        today = fields.Date.context_today(self)
        year = self.env.company.compute_fiscalyear_dates(today)
        return [year["date_from"], max(today, year["date_from"])]

    @api.model
    def get_waterfall(self, domain=None, period=None, group_by="branch_id"):
        """The steps from list price to net margin, of what the user may see.

        :param domain: of records of this report
        :param period: [first, last] accounting date; this fiscal year by default
        :param group_by: one of the dimensions, for the table below the steps
        :return: dictionary with `totals` by step in company currency, `groups` (`id`,
            `name` and the same by group, those with most sales first), and `period`
        """
        if group_by not in DIMENSIONS:
            group_by = DIMENSIONS[0]
        first, last = (fields.Date.to_date(day) for day in period or self._this_year())
        report = self.with_context(margin_period=[first, last])
        domain = Domain(domain or []) & Domain(
            [
                ("company_id", "=", self.env.company.id),
                ("date", ">=", first),
                ("date", "<=", last),
            ]
        )
        sums = [f"{name}:sum" for name in AMOUNTS]
        groups = [
            {
                "id": record.id,
                "name": record.display_name or self.env._("None"),
                **dict(zip(AMOUNTS, amounts, strict=True)),
            }
            for record, *amounts in report._read_group(domain, [group_by], sums)
        ]
        groups.sort(key=lambda group: (-group["net_sales"], group["name"]))
        currency = self.env.company.currency_id
        fields_shown = self.fields_get([*AMOUNTS, *DIMENSIONS], ["string", "help"])
        return {
            "totals": {name: sum(group[name] for group in groups) for name in AMOUNTS},
            "groups": groups[:80],
            "group_count": len(groups),
            "labels": {name: fields_shown[name]["string"] for name in fields_shown},
            "helps": {name: fields_shown[name].get("help", "") for name in AMOUNTS},
            "dimensions": DIMENSIONS,
            "group_by": group_by,
            "period": [first, last],
            "currency_id": currency.id,
            "digits": currency.decimal_places,
            "company": self.env.company.display_name,
        }


def _whole_months(period):
    if not period:
        return None
    first, last = period
    return first.replace(day=1), last + relativedelta(day=31)
