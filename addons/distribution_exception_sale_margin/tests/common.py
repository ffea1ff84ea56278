from datetime import timedelta

from odoo import Command, fields

from odoo.addons.distribution_base.tests.common import DistributionCase


class PriceCase(DistributionCase):
    """Bolts (price 10, cost 4) that are sold too cheap, with or without a warehouse.

    `olga` operates a branch and sells. `_sell(5, price=8.0)` is an order of hers over five
    bolts, confirmed; `_rule("sale_price")` is a rule over the bolts; `_look(rule)` sweeps
    it and returns {line: exception}.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promised = fields.Datetime.now() + timedelta(days=10)
        cls.olga = cls._new_user("branch_operator", "xp_olga")
        sellers = cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.olga.group_ids = [Command.link(sellers.id)]
        cls.customer = cls.env["res.partner"].create({"name": "Fjord Machines"})
        cls.bolt = cls._product("Bolt")
        cls.place = {}
        if "stock.warehouse" in cls.env:
            depot = {"name": "Depot", "code": "XPDEP"}
            cls.place["warehouse_id"] = cls.env["stock.warehouse"].create(depot).id
        cls.trade = cls.env["product.pricelist"].create(
            {
                "name": "Trade",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 20,
                            "min_quantity": 10,
                        }
                    )
                ],
            }
        )

    @classmethod
    def _product(cls, name):
        return cls.env["product.product"].create(
            {
                "name": name,
                "list_price": 10.0,
                "standard_price": 4.0,
                "invoice_policy": "order",
                "taxes_id": False,
            }
        )

    @classmethod
    def _rule(cls, detector, **values):
        return cls.env["distribution.exception.rule"].create(
            {
                "name": detector,
                "detector": detector,
                "domain": f"[('product_id', '=', {cls.bolt.id})]",
                "role_ids": cls.env.ref("distribution_base.group_branch_operator").ids,
                **values,
            }
        )

    def _sell(self, quantity=5, price=None, confirm=True, **values):
        line = {"product_id": self.bolt.id, "product_uom_qty": quantity}
        if price is not None:
            line["price_unit"] = price
        order = (
            self.env["sale.order"]
            .with_user(self.olga)
            .create(
                {
                    "partner_id": self.customer.id,
                    "commitment_date": self.promised,
                    "order_line": [Command.create(line)],
                    **self.place,
                    **values,
                }
            )
        )
        if confirm:
            order.action_confirm()
        return order.order_line

    def _look(self, rule, lines=None):
        """Sweep, or look at some lines only; what is open then, by line."""
        if lines is None:
            rule.action_sweep()
        else:
            rule._try_detect(ids=lines.ids)
        self.assertEqual(rule.state, "ok", rule.failure)
        found = self.env["distribution.exception"].search(
            [("rule_id", "=", rule.id), ("state", "=", "open")]
        )
        return {self.env[one.res_model].browse(one.res_id): one for one in found}
